//! mio: the layer that tokio stands on, epoll with a portable face.
//!
//! mio is edge-triggered only. A level trigger is made from it by arming each descriptor that was
//! reported once more before the next wait: epoll_ctl(EPOLL_CTL_MOD) looks at the descriptor
//! again, and if it is still ready there is a new event. The price is one call per event.

use std::os::fd::{AsRawFd as _, BorrowedFd, RawFd};
use std::time::Duration;
use std::{fmt, io};

use mio::event::Source as _;
use mio::unix::SourceFd;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::{Context as _, Deadline, IntoErrno as _};

use crate::epoll::BATCH;
use crate::error::{Error, Result};
use crate::poller::{Event, Interest, Names, Poller, Ready, Token, Trigger, report};

/// The mio back end.
pub struct Mio {
    poll: mio::Poll,
    buffer: mio::Events,
    /// What mio does not remember for us. mio's own token is the place in here.
    slots: Vec<Slot>,
    free: Vec<usize>,
    /// `place[fd]` is the slot of the registration that the number stands for now.
    place: Vec<Option<usize>>,
    /// Slots with a level trigger that were reported by the last wait.
    to_arm: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    fd: RawFd,
    token: Token,
    interest: Interest,
    trigger: Trigger,
}

impl Mio {
    /// An empty poller, which is a descriptor itself (close-on-exec).
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM.
    pub fn new() -> Result<Self> {
        Ok(Self {
            poll: mio::Poll::new().call("epoll_create1")?,
            buffer: mio::Events::with_capacity(BATCH),
            slots: Vec::new(),
            free: Vec::new(),
            place: Vec::new(),
            to_arm: Vec::new(),
        })
    }

    /// Whether a slot is still what its number stands for. A descriptor that was closed without
    /// being removed leaves a slot behind that only a dup(2) can still report.
    fn is_current(&self, slot: usize) -> bool {
        let at = usize::try_from(self.slots[slot].fd).ok();
        at.and_then(|fd| self.place.get(fd)).is_some_and(|&place| place == Some(slot))
    }

    fn place_of(&mut self, fd: RawFd) -> &mut Option<usize> {
        let index = usize::try_from(fd).unwrap_or(usize::MAX);
        if self.place.len() <= index {
            self.place.resize(index + 1, None);
        }
        &mut self.place[index]
    }

    fn arm(&self, slot: usize) -> io::Result<()> {
        let Slot { fd, interest, .. } = self.slots[slot];
        SourceFd(&fd).reregister(self.poll.registry(), mio::Token(slot), mio_interest(interest))
    }

    /// Looks again at what the last wait reported by level.
    fn arm_levels(&mut self) {
        let mut slots = std::mem::take(&mut self.to_arm);
        for &slot in slots.iter().filter(|&&slot| self.is_current(slot)) {
            // A descriptor that was closed meanwhile needs no arming: ENOENT and EBADF say that.
            let _ = self.arm(slot);
        }
        slots.clear();
        self.to_arm = slots;
    }

    fn reported(&self, slot: usize, event: &mio::event::Event) -> Option<Event> {
        let Slot { fd, token, interest, .. } = self.slots[slot];
        let mut found = Ready::empty();
        for (is, what) in [
            (event.is_readable() || event.is_read_closed(), Ready::READABLE),
            (event.is_writable(), Ready::WRITABLE),
            (event.is_priority(), Ready::PRIORITY),
            (event.is_read_closed() && event.is_write_closed(), Ready::HANG_UP),
            (event.is_error(), Ready::ERROR),
        ] {
            if is {
                found |= what;
            }
        }
        // mio says "readable" for urgent data, too: the kernel knows whether there is other data.
        if event.is_priority() && !(self.is_current(slot) && is_readable(fd)) {
            found -= Ready::READABLE;
        }
        report(found, interest).map(|ready| Event { token, ready })
    }
}

impl Poller for Mio {
    fn register(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        let fd = fd.as_raw_fd();
        let entry = Slot { fd, token, interest, trigger };
        let slot = self.free.last().copied().unwrap_or(self.slots.len());
        SourceFd(&fd)
            .register(self.poll.registry(), mio::Token(slot), mio_interest(interest))
            .map_err(|error| Error::of_ctl(error.into_errno(), fd))?;
        match self.free.pop() {
            Some(slot) => self.slots[slot] = entry,
            None => self.slots.push(entry),
        }
        *self.place_of(fd) = Some(slot);
        Ok(())
    }

    fn modify(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        let fd = fd.as_raw_fd();
        let slot = self.place_of(fd).ok_or(Error::NotRegistered(fd))?;
        let before =
            std::mem::replace(&mut self.slots[slot], Slot { fd, token, interest, trigger });
        self.arm(slot).map_err(|error| {
            self.slots[slot] = before;
            Error::of_ctl(error.into_errno(), fd)
        })
    }

    fn remove(&mut self, fd: BorrowedFd<'_>) -> Result<()> {
        let fd = fd.as_raw_fd();
        SourceFd(&fd)
            .deregister(self.poll.registry())
            .map_err(|error| Error::of_ctl(error.into_errno(), fd))?;
        if let Some(slot) = self.place_of(fd).take() {
            self.free.push(slot);
        }
        Ok(())
    }

    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()> {
        events.clear();
        loop {
            self.arm_levels();
            // mio casts the milliseconds to an int: 25 days would become a busy loop.
            let left = u64::try_from(deadline.as_millis()).ok().map(Duration::from_millis);
            match self.poll.poll(&mut self.buffer, left) {
                Ok(()) => {
                    for event in &self.buffer {
                        let slot = event.token().0;
                        let Some(event) = self.reported(slot, event) else { continue };
                        if self.slots[slot].trigger == Trigger::Level {
                            self.to_arm.push(slot);
                        }
                        events.push(event);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(Error::Call(syscall::Error::new("epoll_wait", error.into_errno())));
                }
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

impl fmt::Debug for Mio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mio").field("slots", &self.slots).finish_non_exhaustive()
    }
}

/// mio cannot wait for nothing: a parked descriptor waits for urgent data, and `report` drops it.
fn mio_interest(interest: Interest) -> mio::Interest {
    let all = [
        (Interest::READABLE, mio::Interest::READABLE),
        (Interest::WRITABLE, mio::Interest::WRITABLE),
        (Interest::PRIORITY, mio::Interest::PRIORITY),
    ];
    let wanted = all.into_iter().filter(|(ours, _)| interest.contains(*ours));
    wanted.map(|(_, theirs)| theirs).reduce(|a, b| a | b).unwrap_or(mio::Interest::PRIORITY)
}

/// poll(2) on one number, without waiting.
fn is_readable(fd: RawFd) -> bool {
    // SAFETY: the number is registered and current, so it was open a moment ago; should it be
    // closed by now, poll(2) answers POLLNVAL and touches nothing.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let mut fds = [PollFd::new(fd, PollFlags::POLLIN)];
    poll(&mut fds, PollTimeout::ZERO).is_ok()
        && fds[0].revents().is_some_and(|r| r.contains(PollFlags::POLLIN))
}
