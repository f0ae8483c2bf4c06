//! Many messages of 64 bytes from one process to another, both at work at the same time.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};

use bench::Side;
use cli::Outcome;
use ipc::queue::Sender;
use ipc::{Queue, Semaphore};
use nix::unistd::Pid;
use process::{Deadline, Process, Started};

use crate::case::Failure;
use crate::pipes::SIZE;
use crate::raw;

/// In one run; so many that waiting for the last of them does not count.
pub(crate) const MESSAGES: u32 = 20_000;
/// Messages that the queue holds: 64 KiB of them, as many as a pipe.
const CAPACITY: usize = 1024;

/// A pipe with one write and one read for each message. The child says when it has them all.
#[derive(Debug)]
pub(crate) struct Raw {
    to: Option<PipeWriter>,
    done: PipeReader,
    child: Pid,
}

impl Raw {
    pub(crate) fn new() -> Outcome<Self> {
        let (mut from, to) = pipe()?;
        let (done, mut tell) = pipe()?;
        let child = raw::fork(|| {
            // SAFETY: this process never uses or drops its copy of this value again.
            unsafe { libc::close(std::os::fd::AsRawFd::as_raw_fd(&to)) };
            let mut bytes = [0; SIZE];
            loop {
                for _ in 0..MESSAGES {
                    if !matches!(from.read(&mut bytes), Ok(SIZE)) {
                        return;
                    }
                }
                if tell.write(&[1]).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { to: Some(to), done, child })
    }
}

impl Side for Raw {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        let to = self.to.as_mut().ok_or("closed")?;
        for _ in 0..times {
            for _ in 0..MESSAGES {
                if to.write(&[7; SIZE])? != SIZE {
                    return Err("a pipe cut a message".into());
                }
            }
            self.done.read_exact(&mut [0])?;
        }
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.to = None;
        // Nothing else could be done about it.
        let _ = raw::wait(self.child);
    }
}

/// [`Queue`].
#[derive(Debug)]
pub(crate) struct Ours {
    queue: &'static Queue,
    sender: Sender<'static>,
    done: &'static Semaphore,
    child: Started,
}

impl Ours {
    pub(crate) fn new() -> Outcome<Self> {
        // The child has them in its memory by fork; they live as long as this short program.
        let queue: &'static Queue = Box::leak(Box::new(Queue::new(CAPACITY, SIZE)?));
        let done: &'static Semaphore = Box::leak(Box::new(Semaphore::new(0)?));
        let child = Process::new(|| {
            let mut message = Vec::with_capacity(SIZE);
            let Ok(receiver) = queue.receiver(Deadline::Never) else { return 1 };
            loop {
                for _ in 0..MESSAGES {
                    if receiver.get_into(&mut message, Deadline::Never).is_err() {
                        return 0;
                    }
                }
                if done.release().is_err() {
                    return 1;
                }
            }
        })
        .daemon(true)
        .start()?;
        // One sender and one receiver, each with its side for itself, as the ends of a pipe are.
        let sender = queue.sender(Deadline::Never)?;
        Ok(Self { queue, sender, done, child })
    }
}

impl Side for Ours {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            for _ in 0..MESSAGES {
                self.sender.put(&[7; SIZE], Deadline::Never)?;
            }
            self.done.acquire().forget();
        }
        Ok(())
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        self.queue.close();
        // Nothing else could be done about it.
        let _ = self.child.join(Deadline::Never);
    }
}
