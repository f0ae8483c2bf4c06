//! poll(2): an array of descriptor and events in, the same array with the results out.
//!
//! The array is kept between calls, because the kernel writes only into `revents`. Every call
//! still hands over and searches all of it: the cost grows with the number of descriptors, ready
//! or not.

use std::os::fd::BorrowedFd;

use libc::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI, nfds_t, pollfd};
use syscall::{Deadline, Errno};

use crate::error::{Error, Result};
use crate::poller::{Event, Interest, Names, Poller, Ready, Token, Trigger, report};
use crate::table::{Change, Entry, Table};

/// The poll(2) back end.
#[derive(Debug, Default)]
pub struct Poll {
    table: Table,
    /// In the order of the table's entries.
    fds: Vec<pollfd>,
}

impl Poll {
    /// An empty poller. It holds no descriptor of its own.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Poller for Poll {
    fn register(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        only_level(trigger)?;
        match self.table.insert(fd, token, interest)? {
            Change::Pushed => self.fds.extend(self.table.entries().last().map(pollfd_of)),
            Change::Set(at) => self.fds[at] = pollfd_of(&self.table.entries()[at]),
        }
        Ok(())
    }

    fn modify(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        only_level(trigger)?;
        let at = self.table.update(fd, token, interest)?;
        self.fds[at] = pollfd_of(&self.table.entries()[at]);
        Ok(())
    }

    fn remove(&mut self, fd: BorrowedFd<'_>) -> Result<()> {
        let at = self.table.find(fd)?;
        self.table.swap_remove(at);
        self.fds.swap_remove(at);
        Ok(())
    }

    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()> {
        events.clear();
        loop {
            let count = self.fds.len() as nfds_t;
            // SAFETY: the pointer and the count describe the vector, which lives and is not moved
            // during the call; the kernel writes only into its `revents` fields.
            let n = unsafe { libc::poll(self.fds.as_mut_ptr(), count, deadline.as_millis()) };
            match Errno::result(n) {
                Ok(n) => self.collect(n.unsigned_abs() as usize, events),
                // Try again with what is left of the time.
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(Error::Call(syscall::Error::new("poll", errno))),
            }
            if !events.is_empty() || deadline.has_passed() {
                return Ok(());
            }
        }
    }

    fn can(&self, trigger: Trigger) -> bool {
        trigger == Trigger::Level
    }

    fn names(&self) -> Names {
        Names::Number
    }
}

impl Poll {
    /// `left` entries have results. Going backwards keeps the places in front valid when a closed
    /// descriptor (POLLNVAL) is dropped: the last entry that takes its place was looked at before.
    fn collect(&mut self, mut left: usize, events: &mut Vec<Event>) {
        let mut at = self.fds.len();
        while left > 0 && at > 0 {
            at -= 1;
            let revents = self.fds[at].revents;
            if revents == 0 {
                continue;
            }
            left -= 1;
            if revents & POLLNVAL != 0 {
                self.table.swap_remove(at);
                self.fds.swap_remove(at);
                continue;
            }
            let entry = &self.table.entries()[at];
            if let Some(ready) = report(ready_of(revents), entry.interest) {
                events.push(Event { token: entry.token, ready });
            }
        }
    }
}

pub(crate) fn only_level(trigger: Trigger) -> Result<()> {
    match trigger {
        Trigger::Level => Ok(()),
        Trigger::Edge => Err(Error::NoSuchTrigger(trigger)),
    }
}

fn pollfd_of(entry: &Entry) -> pollfd {
    let mut events = 0;
    for (interest, bit) in
        [(Interest::READABLE, POLLIN), (Interest::WRITABLE, POLLOUT), (Interest::PRIORITY, POLLPRI)]
    {
        if entry.interest.contains(interest) {
            events |= bit;
        }
    }
    // POLLHUP and POLLERR come without being asked for and would wake a parked descriptor again
    // and again; a negative number makes the kernel pass over the entry.
    let fd = if entry.interest.is_empty() { -1 } else { entry.fd };
    pollfd { fd, events, revents: 0 }
}

fn ready_of(revents: i16) -> Ready {
    let mut ready = Ready::empty();
    for (bit, what) in [
        (POLLIN, Ready::READABLE),
        (POLLOUT, Ready::WRITABLE),
        (POLLPRI, Ready::PRIORITY),
        (POLLHUP, Ready::HANG_UP),
        (POLLERR, Ready::ERROR),
    ] {
        if revents & bit != 0 {
            ready |= what;
        }
    }
    ready
}
