//! Tasks and answers as bytes.
//!
//! A frame to a worker is a chunk of tasks, the frame back has their answers in the same order.
//! Each of them stands behind its length, so that one that is malformed spoils none but itself.
//! An answer begins with a byte that says what follows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::task::{Answer, Inbox, TaskError};
use crate::wire::{Wire, from_bytes};

const DONE: u8 = 0;
const PANICKED: u8 = 1;
const MALFORMED: u8 = 2;
const TOO_LARGE: u8 = 3;

/// The bytes in front of each task and of each answer.
pub(super) const HEAD: usize = 8;

/// Appends one item, and gives its length.
pub(super) fn put_item(to: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) -> usize {
    let start = to.len();
    to.extend_from_slice(&[0; HEAD]);
    put(to);
    let length = to.len() - start - HEAD;
    to[start..start + HEAD].copy_from_slice(&(length as u64).to_le_bytes());
    length
}

/// Takes one item off the front.
pub(super) fn take_item<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (head, rest) = from.split_first_chunk::<HEAD>()?;
    let length = usize::try_from(u64::from_le_bytes(*head)).ok()?;
    let (item, rest) = rest.split_at_checked(length)?;
    *from = rest;
    Some(item)
}

/// Consecutive tasks of one call, which go to one worker together.
pub(super) struct Job {
    pub(super) inbox: Rc<Inbox>,
    /// The place of its first task among those of the call.
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) bytes: Vec<u8>,
    /// Whether it may be sent to a worker that has not answered the job before it.
    pub(super) ahead: bool,
}

impl Job {
    /// Keeps the first `count` tasks and gives the others.
    pub(super) fn split_off(&mut self, count: usize) -> Self {
        let mut rest = self.bytes.as_slice();
        for _ in 0..count {
            take_item(&mut rest);
        }
        let kept = self.bytes.len() - rest.len();
        let bytes = self.bytes.split_off(kept);
        let others = self.count - count;
        self.count = count;
        Self {
            inbox: Rc::clone(&self.inbox),
            first: self.first + count,
            count: others,
            bytes,
            ahead: self.ahead,
        }
    }

    pub(super) fn answer(&self, number: usize, answer: Answer) {
        self.inbox.put(self.first + number, answer);
    }

    /// The same error for all of them.
    pub(super) fn fail(&self, error: &TaskError) {
        for number in 0..self.count {
            self.answer(number, Err(error.clone()));
        }
    }
}

/// A chunk that is being put together.
pub(super) struct Draft {
    jobs: Vec<Job>,
    job: Job,
    limit: usize,
    count: usize,
}

impl Draft {
    pub(super) fn new(inbox: &Rc<Inbox>, first: usize, limit: usize, ahead: bool) -> Self {
        let job = Job { inbox: Rc::clone(inbox), first, count: 0, bytes: Vec::new(), ahead };
        Self { jobs: Vec::new(), job, limit, count: 0 }
    }

    /// One that is too large is answered at once, and parts the chunk.
    pub(super) fn add(&mut self, task: &impl Wire) {
        let start = self.job.bytes.len();
        let length = put_item(&mut self.job.bytes, |to| task.put(to));
        self.job.count += 1;
        self.count += 1;
        if length > self.limit {
            self.job.bytes.truncate(start);
            self.job.count -= 1;
            self.job.answer(self.job.count, Err(TaskError::TooLarge(length)));
            let mut rest = self.job.split_off(self.job.count);
            rest.first += 1;
            self.jobs.push(std::mem::replace(&mut self.job, rest));
        }
    }

    /// What can be sent, and how many tasks there were.
    pub(super) fn done(mut self) -> (Vec<Job>, usize) {
        self.jobs.push(self.job);
        self.jobs.retain(|job| job.count > 0);
        (self.jobs, self.count)
    }
}

/// In the worker: runs one task and appends its answer.
pub(super) fn run<T: Wire, R: Wire>(
    work: &mut impl FnMut(T) -> R,
    task: &[u8],
    answer: &mut Vec<u8>,
) {
    let start = answer.len();
    // After a panic nobody sees what the closure has captured but the next task, which finds what
    // it would find in a process that had caught it itself.
    let end = catch_unwind(AssertUnwindSafe(|| {
        let task = from_bytes::<T>(task)?;
        answer.push(DONE);
        work(task).put(answer);
        Ok(())
    }));
    let (tag, text) = match end {
        Ok(Ok(())) => return,
        Ok(Err(error @ crate::wire::Malformed(_))) => (MALFORMED, format!("the task: {error}")),
        Err(payload) => {
            let message = message(payload.as_ref());
            // Its destructor may panic again.
            std::mem::forget(payload);
            (PANICKED, message)
        }
    };
    answer.truncate(start);
    answer.push(tag);
    answer.extend_from_slice(text.as_bytes());
}

/// In the worker: an answer that nobody will accept is replaced by its length.
pub(super) fn too_large(length: usize, answer: &mut Vec<u8>) {
    answer.push(TOO_LARGE);
    length.put(answer);
}

/// In the parent: what an answer says.
pub(super) fn open<R: Wire>(answer: Answer) -> Result<R, TaskError> {
    let answer = answer?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let malformed = |error| TaskError::Malformed(format!("the result: {error}"));
    match answer.split_first() {
        Some((&DONE, bytes)) => from_bytes(bytes).map_err(malformed),
        Some((&PANICKED, bytes)) => Err(TaskError::Panicked(text(bytes))),
        Some((&MALFORMED, bytes)) => Err(TaskError::Malformed(text(bytes))),
        Some((&TOO_LARGE, bytes)) => {
            Err(from_bytes(bytes).map_or_else(malformed, TaskError::TooLarge))
        }
        _ => Err(TaskError::Malformed("the result: its bytes never were an answer".into())),
    }
}

/// `panic!` with a text makes one of these two; `panic_any` may make anything.
pub(super) fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a text").to_owned()
}
