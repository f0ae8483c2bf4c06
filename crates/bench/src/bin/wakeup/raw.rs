//! The baselines: the shortest honest loop over each call, as it stands in a textbook.
//!
//! Each asks for readable only, keeps what the call allows to keep, and stops to search when all
//! that the call announced is found. None can change what it watches: that is what the Poller
//! adds, and what may cost 15 percent.

use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, AsRawFd as _, RawFd};
use std::ptr;

use cli::Outcome;
use libc::{FD_SETSIZE, epoll_event, fd_set, nfds_t, pollfd};
use nix::sys::epoll::{self, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::eventfd::EventFd;
use syscall::{Context as _, Errno, retry};

use crate::side::{Wait, not_one};

/// Does not wait at all: what write and read cost alone.
pub(crate) struct Nothing;

impl Wait for Nothing {
    fn wait(&mut self) -> Outcome<usize> {
        Ok(0)
    }
}

/// select(2) with a copy of one set for each call, and no set for what nobody wants.
pub(crate) struct Select {
    fds: Vec<RawFd>,
    wanted: fd_set,
    end: i32,
}

impl Select {
    pub(crate) fn new(watched: &[&EventFd]) -> Outcome<Self> {
        let fds = numbers(watched);
        let mut wanted = MaybeUninit::uninit();
        // SAFETY: FD_ZERO fills the whole set behind the pointer.
        unsafe { libc::FD_ZERO(wanted.as_mut_ptr()) };
        // SAFETY: it was filled just now.
        let mut wanted = unsafe { wanted.assume_init() };
        for &fd in &fds {
            if usize::try_from(fd).is_ok_and(|fd| fd >= FD_SETSIZE) {
                return Err(format!("descriptor {fd} is too large for select").into());
            }
            // SAFETY: the number fits into the set, as was seen just now.
            unsafe { libc::FD_SET(fd, &raw mut wanted) };
        }
        let end = fds.iter().max().map_or(0, |last| last + 1);
        Ok(Self { fds, wanted, end })
    }
}

impl Wait for Select {
    fn wait(&mut self) -> Outcome<usize> {
        let (none, no_limit) = (ptr::null_mut(), ptr::null_mut());
        // After EINTR the copy is as it was: a call that fails leaves the sets alone (select(2)).
        let mut found = self.wanted;
        let count = retry(|| {
            // SAFETY: one set, borrowed exclusively for the call; `end` is at most FD_SETSIZE, so
            // the kernel stays inside of it.
            let n = unsafe { libc::select(self.end, &raw mut found, none, none, no_limit) };
            Errno::result(n)
        });
        only_one(count.call("select")?)?;
        let place = self.fds.iter().position(|&fd| {
            // SAFETY: `new` has let no number in that does not fit into the set.
            unsafe { libc::FD_ISSET(fd, &raw const found) }
        });
        place.ok_or_else(|| not_one(0))
    }
}

/// poll(2) with an array that is kept: the kernel writes only into `revents`.
pub(crate) struct Poll {
    fds: Vec<pollfd>,
}

impl Poll {
    pub(crate) fn new(watched: &[&EventFd]) -> Self {
        let entry = |fd| pollfd { fd, events: libc::POLLIN, revents: 0 };
        Self { fds: numbers(watched).into_iter().map(entry).collect() }
    }
}

impl Wait for Poll {
    fn wait(&mut self) -> Outcome<usize> {
        let count = retry(|| {
            let count = self.fds.len() as nfds_t;
            // SAFETY: the pointer and the count describe the vector, which lives and is not moved
            // during the call.
            Errno::result(unsafe { libc::poll(self.fds.as_mut_ptr(), count, -1) })
        });
        only_one(count.call("poll")?)?;
        let place = self.fds.iter().position(|fd| fd.revents != 0);
        place.ok_or_else(|| not_one(0))
    }
}

/// epoll_wait(2), by level or by edge. Making and filling it is not measured, so nix does that.
pub(crate) struct Epoll {
    epoll: epoll::Epoll,
    buffer: Vec<epoll_event>,
}

impl Epoll {
    pub(crate) fn new(watched: &[&EventFd], trigger: EpollFlags) -> Outcome<Self> {
        let epoll = epoll::Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).call("epoll_create1")?;
        for (place, fd) in (0..).zip(watched) {
            let event = EpollEvent::new(EpollFlags::EPOLLIN | trigger, place);
            epoll.add(fd.as_fd(), event).call_on("epoll_ctl", fd.as_fd().as_raw_fd())?;
        }
        // As many as the Poller takes at a time; room that is not used costs nothing.
        Ok(Self { epoll, buffer: vec![epoll_event { events: 0, u64: 0 }; 1024] })
    }
}

impl Wait for Epoll {
    fn wait(&mut self) -> Outcome<usize> {
        let count = retry(|| {
            let (epoll, events) = (self.epoll.0.as_raw_fd(), self.buffer.as_mut_ptr());
            // SAFETY: the pointer and the count describe the vector, which lives and is not moved
            // during the call (its length is 1,024).
            Errno::result(unsafe { libc::epoll_wait(epoll, events, 1024, -1) })
        });
        only_one(count.call("epoll_wait")?)?;
        let [event, ..] = self.buffer[..] else { return Err(not_one(0)) };
        Ok(usize::try_from(event.u64)?)
    }
}

fn only_one(count: i32) -> Outcome {
    if count == 1 { Ok(()) } else { Err(not_one(count.unsigned_abs() as usize)) }
}

fn numbers(watched: &[&EventFd]) -> Vec<RawFd> {
    watched.iter().map(|fd| fd.as_fd().as_raw_fd()).collect()
}
