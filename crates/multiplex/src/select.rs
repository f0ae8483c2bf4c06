//! select(2): three bit sets in, the same three sets out, with the bits of the others cleared.
//!
//! The sets that say what we want are kept; each call gets copies, because the kernel overwrites
//! them. A set has room for the numbers 0 to 1023, whatever `ulimit -n` says, and setting a
//! higher bit writes beyond its end: so higher numbers are refused at the door.

use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd as _, BorrowedFd, RawFd};
use std::{fmt, ptr};

use libc::{FD_SETSIZE, fd_set, timeval};
use syscall::{Deadline, Errno};

use crate::error::{Error, Result};
use crate::poll::only_level;
use crate::poller::{Event, Interest, Names, Poller, Ready, Token, Trigger};
use crate::table::Table;

/// The select(2) back end.
#[derive(Debug)]
pub struct Select {
    table: Table,
    wanted: Sets,
}

impl Default for Select {
    fn default() -> Self {
        Self { table: Table::default(), wanted: Sets::empty() }
    }
}

impl Select {
    /// An empty poller. It holds no descriptor of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// EBADF does not say which descriptor is the closed one: look at each.
    fn drop_closed(&mut self) {
        let mut at = self.table.entries().len();
        while at > 0 {
            at -= 1;
            let fd = self.table.entries()[at].fd;
            // SAFETY: fcntl(F_GETFD) takes two integers and fails with EBADF for a closed number.
            if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
                self.table.swap_remove(at);
                self.wanted.set(fd, Interest::empty());
            }
        }
    }
}

impl Poller for Select {
    fn register(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()> {
        only_level(trigger)?;
        let number = fd.as_raw_fd();
        if !fits(number) {
            return Err(Error::NumberTooLarge { fd: number, limit: FD_SETSIZE });
        }
        self.table.insert(fd, token, interest)?;
        self.wanted.set(number, interest);
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
        self.table.update(fd, token, interest)?;
        self.wanted.set(fd.as_raw_fd(), interest);
        Ok(())
    }

    fn remove(&mut self, fd: BorrowedFd<'_>) -> Result<()> {
        let at = self.table.find(fd)?;
        self.table.swap_remove(at);
        self.wanted.set(fd.as_raw_fd(), Interest::empty());
        Ok(())
    }

    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()> {
        events.clear();
        loop {
            let mut found = self.wanted;
            match found.select(deadline) {
                Ok(left) => collect(&self.table, &found, left, events),
                Err(Errno::EINTR) => {}
                // The others were not looked at: look again, whatever the deadline says.
                Err(Errno::EBADF) => {
                    self.drop_closed();
                    continue;
                }
                Err(errno) => return Err(Error::Call(syscall::Error::new("select", errno))),
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

/// `left` bits are set, over all three sets.
fn collect(table: &Table, found: &Sets, mut left: usize, events: &mut Vec<Event>) {
    for entry in table.entries() {
        if left == 0 {
            return;
        }
        let ready = found.get(entry.fd);
        left -= ready.iter().count();
        if !ready.is_empty() {
            events.push(Event { token: entry.token, ready });
        }
    }
}

fn fits(fd: RawFd) -> bool {
    usize::try_from(fd).is_ok_and(|fd| fd < FD_SETSIZE)
}

/// The three sets, and how far they are filled. Only numbers that fit are ever given to them.
#[derive(Clone, Copy)]
struct Sets {
    read: fd_set,
    write: fd_set,
    except: fd_set,
    /// One more than the highest number that was ever in: select(2) looks no further.
    end: i32,
}

impl Sets {
    fn empty() -> Self {
        let mut set = MaybeUninit::uninit();
        // SAFETY: FD_ZERO fills the whole set behind the pointer.
        unsafe { libc::FD_ZERO(set.as_mut_ptr()) };
        // SAFETY: it was filled just now.
        let set = unsafe { set.assume_init() };
        Self { read: set, write: set, except: set, end: 0 }
    }

    fn set(&mut self, fd: RawFd, interest: Interest) {
        debug_assert!(fits(fd));
        self.end = self.end.max(fd + 1);
        for (set, wanted) in [
            (&mut self.read, interest.contains(Interest::READABLE)),
            (&mut self.write, interest.contains(Interest::WRITABLE)),
            (&mut self.except, interest.contains(Interest::PRIORITY)),
        ] {
            if wanted {
                // SAFETY: the number fits into the set: `register` has let no other in.
                unsafe { libc::FD_SET(fd, set) };
            } else {
                // SAFETY: as above.
                unsafe { libc::FD_CLR(fd, set) };
            }
        }
    }

    fn get(&self, fd: RawFd) -> Ready {
        let mut ready = Ready::empty();
        for (set, what) in [
            (&self.read, Ready::READABLE),
            (&self.write, Ready::WRITABLE),
            (&self.except, Ready::PRIORITY),
        ] {
            // SAFETY: the number fits into the set: `register` has let no other in.
            if unsafe { libc::FD_ISSET(fd, set) } {
                ready |= what;
            }
        }
        ready
    }

    /// Overwrites the sets with what is ready and gives the number of bits in them. After an
    /// error their content means nothing (select(2)).
    fn select(&mut self, deadline: Deadline) -> std::result::Result<usize, Errno> {
        let mut timeout = deadline.remaining().map(|left| timeval {
            // A day is enough: the caller asks the deadline again when nothing came.
            tv_sec: left.as_secs().min(86_400).cast_signed(),
            tv_usec: left.subsec_micros().into(),
        });
        // Rounded up, or the last microsecond would be a busy loop.
        if let (Some(time), Some(left)) = (&mut timeout, deadline.remaining())
            && time.tv_sec == 0
            && time.tv_usec == 0
            && !left.is_zero()
        {
            time.tv_usec = 1;
        }
        let timeout = timeout.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        // SAFETY: three sets and perhaps a time, all borrowed exclusively for the call; `end` is
        // at most FD_SETSIZE, so the kernel stays inside of them.
        let n = unsafe {
            libc::select(
                self.end,
                &raw mut self.read,
                &raw mut self.write,
                &raw mut self.except,
                timeout,
            )
        };
        Errno::result(n).map(|n| n.unsigned_abs() as usize)
    }
}

impl fmt::Debug for Sets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = (0..self.end).map(|fd| (fd, self.get(fd))).filter(|(_, r)| !r.is_empty());
        f.debug_map().entries(numbers).finish()
    }
}
