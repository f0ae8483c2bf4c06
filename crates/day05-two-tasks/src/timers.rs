//! One thread that waits for both at once. A function that sleeps is of no use to it: each task is
//! taken apart into its beginning, something to wait for, and its end.

use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::timer::TimerSetTimeFlags;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags};

use crate::journal::Journal;
use crate::lesson::Way;
use crate::task::Task;

pub(crate) const WAY: Way = Way { name: "one thread, two timers", run };

fn run(tasks: &[Task; 2], journal: &Journal) -> Outcome<Vec<u8>> {
    let mut waiting = Vec::new();
    for task in tasks {
        journal.note("begins", task)?;
        // A timer as a descriptor (timerfd_create(2)): readable when its time is over.
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, TimerFlags::TFD_CLOEXEC)?;
        timer.set(Expiration::OneShot(task.time.into()), TimerSetTimeFlags::empty())?;
        waiting.push((task, timer));
    }
    // The one place where this way sleeps, as in every event loop.
    while !waiting.is_empty() {
        let timers = waiting.iter().map(|(_, timer)| timer.as_fd());
        let mut fds: Vec<_> = timers.map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let over: Vec<bool> = fds.iter().map(|fd| fd.any() == Some(true)).collect();
        let mut over = over.into_iter();
        let ended = waiting.extract_if(.., |_| over.next() == Some(true));
        for (task, _) in ended {
            journal.note("ends", task)?;
        }
    }
    Ok(tasks.iter().map(|task| task.result).collect())
}
