//! What a worker does from its first to its last moment. It runs in the child.

use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::job::{HEAD, message, put_item, take_item, too_large};
use super::line::{Came, Incoming, Outgoing, WAIT};
use super::progress::Progress;

/// The first byte that a worker ever says.
pub(super) const READY: u8 = 0;
/// The same, when the initializer has failed; its message follows.
pub(super) const FAILED: u8 = 1;

/// The function of the pool: one task's bytes in, its answer's bytes appended.
pub(super) type Work = Box<dyn FnMut(&[u8], &mut Vec<u8>)>;
/// Runs first in each worker.
pub(super) type Initializer = Box<dyn FnMut() -> Result<(), String>>;

/// Answers until the other end of the socket is closed, which is when the parent lets go or has
/// died. A signal that has a handler interrupts nothing here: it is the parent's handler, copied.
pub(super) fn serve(
    socket: &OwnedFd,
    progress: &Progress,
    limit: usize,
    initializer: &mut Initializer,
    work: &mut Work,
) -> i32 {
    let (mut incoming, mut outgoing) = (Incoming::default(), Outgoing::default());
    let initialized = catch_unwind(AssertUnwindSafe(initializer)).unwrap_or_else(|payload| {
        let message = format!("it panicked: {}", message(payload.as_ref()));
        std::mem::forget(payload);
        Err(message)
    });
    match &initialized {
        Ok(()) => outgoing.push(&[READY]),
        Err(message) => outgoing.push(&[&[FAILED], message.as_bytes()].concat()),
    }
    if outgoing.flush(socket, WAIT).is_err() || initialized.is_err() {
        return 1;
    }
    let mut answers = Vec::new();
    loop {
        // The parent is the same program, and its tasks were measured when they were submitted.
        while let Ok(Some(mut tasks)) = incoming.frame(usize::MAX) {
            answers.clear();
            // A job that was taken back gets no answers: the frame is empty.
            if !progress.claim() {
                tasks = &[];
            }
            while let Some(task) = take_item(&mut tasks) {
                progress.begin();
                let start = answers.len();
                let length = put_item(&mut answers, |answer| work(task, answer));
                if length > limit {
                    answers.truncate(start);
                    put_item(&mut answers, |answer| too_large(length, answer));
                }
            }
            outgoing.push(&answers);
            answers.shrink_to(64 * 1024);
            if outgoing.flush(socket, WAIT).is_err() {
                return 0;
            }
        }
        match incoming.fill(socket, WAIT) {
            Ok(Came::Bytes) => {}
            Ok(Came::Nothing | Came::End) => return 0,
            Err(_) => return 1,
        }
    }
}

/// The most that the answers to so many tasks may take.
pub(super) fn most(count: usize, limit: usize) -> usize {
    // 17 bytes are what an answer takes that was too large.
    count.saturating_mul(limit.max(17).saturating_add(HEAD))
}
