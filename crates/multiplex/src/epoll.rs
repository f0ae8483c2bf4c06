//! epoll(7): the interest list lives in the kernel, and a wait gives only what is ready.
//!
//! The kernel keeps 64 bits beside each descriptor and gives them back with every event. The
//! token and the interest fit into them, so this back end needs no table of its own: what is
//! registered is what the kernel says.

use std::os::fd::{AsRawFd as _, BorrowedFd};

use nix::sys::epoll::{self, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use syscall::{Context as _, Deadline, Errno};

use crate::error::{Error, Result};
use crate::poller::{Event, Interest, Names, Poller, Ready, Token, Trigger, report};

/// Events taken by one wait; the others come with the next one.
pub(crate) const BATCH: usize = 1024;

/// The epoll(7) back end.
#[derive(Debug)]
pub struct Epoll {
    epoll: epoll::Epoll,
    buffer: Vec<EpollEvent>,
}

impl Epoll {
    /// An empty poller, which is a descriptor itself (close-on-exec).
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM.
    pub fn new() -> Result<Self> {
        let epoll = epoll::Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).call("epoll_create1")?;
        Ok(Self { epoll, buffer: vec![EpollEvent::empty(); BATCH] })
    }
}

impl Poller for Epoll {
    fn register(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        let done = self.epoll.add(fd, event_of(token, interest, trigger));
        done.map_err(|errno| Error::of_ctl(errno, fd.as_raw_fd()))
    }

    fn modify(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        let done = self.epoll.modify(fd, &mut event_of(token, interest, trigger));
        done.map_err(|errno| Error::of_ctl(errno, fd.as_raw_fd()))
    }

    fn remove(&mut self, fd: BorrowedFd<'_>) -> Result<()> {
        self.epoll.delete(fd).map_err(|errno| Error::of_ctl(errno, fd.as_raw_fd()))
    }

    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()> {
        events.clear();
        loop {
            let timeout = EpollTimeout::try_from(deadline.as_millis()).unwrap_or(EpollTimeout::MAX);
            match self.epoll.wait(&mut self.buffer, timeout) {
                Ok(n) => events.extend(self.buffer[..n].iter().filter_map(reported)),
                // Try again with what is left of the time.
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(Error::Call(syscall::Error::new("epoll_wait", errno))),
            }
            if !events.is_empty() || deadline.has_passed() {
                return Ok(());
            }
        }
    }

    fn can(&self, _: Trigger) -> bool {
        true
    }

    fn names(&self) -> Names {
        Names::OpenFile
    }
}

fn event_of(token: Token, interest: Interest, trigger: Trigger) -> EpollEvent {
    let mut flags = EpollFlags::empty();
    for (wanted, bit) in [
        (Interest::READABLE, EpollFlags::EPOLLIN),
        (Interest::WRITABLE, EpollFlags::EPOLLOUT),
        (Interest::PRIORITY, EpollFlags::EPOLLPRI),
    ] {
        if interest.contains(wanted) {
            flags |= bit;
        }
    }
    // EPOLLHUP and EPOLLERR come without being asked for. A parked descriptor gets them once, by
    // edge, and `reported` drops them; by level they would wake every wait for ever.
    if trigger == Trigger::Edge || interest.is_empty() {
        flags |= EpollFlags::EPOLLET;
    }
    EpollEvent::new(flags, u64::from(token.0) | u64::from(interest.bits()) << 32)
}

fn reported(event: &EpollEvent) -> Option<Event> {
    let [b0, b1, b2, b3, interest, ..] = event.data().to_le_bytes();
    let token = Token(u32::from_le_bytes([b0, b1, b2, b3]));
    let mut found = Ready::empty();
    for (bit, what) in [
        (EpollFlags::EPOLLIN, Ready::READABLE),
        (EpollFlags::EPOLLOUT, Ready::WRITABLE),
        (EpollFlags::EPOLLPRI, Ready::PRIORITY),
        (EpollFlags::EPOLLHUP, Ready::HANG_UP),
        (EpollFlags::EPOLLERR, Ready::ERROR),
    ] {
        if event.events().contains(bit) {
            found |= what;
        }
    }
    report(found, Interest::from_bits_truncate(interest)).map(|ready| Event { token, ready })
}
