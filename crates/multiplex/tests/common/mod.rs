//! What the suites of this folder share.

#![allow(dead_code, unused_macros, unused_imports, reason = "each suite uses its part")]
#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};
use std::sync::mpsc;

use multiplex::{Backend, Deadline, Event, Interest, Poller, Ready, Token, Trigger};

/// The calls in which the back ends sleep. glibc's select is pselect6 on all architectures, and
/// those without the old calls have only the p-variants.
pub(crate) const WAITS: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_select,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_epoll_wait,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_pwait,
];

/// A test for each back end, under the back end's name.
macro_rules! on_all_back_ends {
    ($($case:ident),+ $(,)?) => {
        on_all_back_ends!(@one select, Backend::Select, $($case),+);
        on_all_back_ends!(@one poll, Backend::Poll, $($case),+);
        on_all_back_ends!(@one epoll, Backend::Epoll, $($case),+);
        on_all_back_ends!(@one mio, Backend::Mio, $($case),+);
    };
    (@one $name:ident, $backend:expr, $($case:ident),+) => {
        mod $name {
            use super::*;
            $(#[test] fn $case() { super::$case($backend); })+
        }
    };
}
pub(crate) use on_all_back_ends;

/// A poller with the shorthand that a suite wants.
pub(crate) struct Watch(pub(crate) Box<dyn Poller>);

impl Watch {
    pub(crate) fn new(backend: Backend) -> Self {
        Self(backend.open().unwrap())
    }

    /// Registers by level.
    pub(crate) fn add(&mut self, fd: impl AsFd, token: u32, interest: Interest) {
        self.0.register(fd.as_fd(), Token(token), interest, Trigger::Level).unwrap();
    }

    pub(crate) fn change(&mut self, fd: impl AsFd, token: u32, interest: Interest) {
        self.0.modify(fd.as_fd(), Token(token), interest, Trigger::Level).unwrap();
    }

    /// What is ready until the deadline, in the order of the tokens.
    pub(crate) fn wait(&mut self, deadline: Deadline) -> Vec<Event> {
        // What lay in the vector before must not be taken for an event.
        let mut events = vec![Event { token: Token(u32::MAX), ready: Ready::all() }];
        self.0.wait(&mut events, deadline).unwrap();
        events.sort_by_key(|event| event.token);
        events
    }

    /// What is ready now, hints left out: the part that is exact everywhere.
    pub(crate) fn ready(&mut self) -> Vec<(u32, Ready)> {
        let events = self.wait(Deadline::Now).into_iter();
        events.map(|event| (event.token.0, exact(event.ready))).collect()
    }

    /// Waits for the next event, which must come, hints left out.
    pub(crate) fn next(&mut self) -> Vec<(u32, Ready)> {
        let events = self.wait(Deadline::after(testkit::LIMIT)).into_iter();
        let events: Vec<_> = events.map(|event| (event.token.0, exact(event.ready))).collect();
        assert!(!events.is_empty(), "nothing became ready");
        events
    }
}

pub(crate) fn exact(ready: Ready) -> Ready {
    ready & (Ready::READABLE | Ready::WRITABLE | Ready::PRIORITY)
}

/// Moves a descriptor to a number of the test's choice, far above those that tests in other
/// threads get from the kernel, so that closing and reusing it is nobody else's affair.
pub(crate) fn move_to(fd: impl Into<OwnedFd>, number: RawFd) -> OwnedFd {
    let fd = fd.into();
    // SAFETY: dup3 takes three integers; `number` is in use by nobody: each test has its own.
    let done = unsafe { libc::dup3(fd.as_raw_fd(), number, libc::O_CLOEXEC) };
    assert_eq!(done, number, "dup3: {}", std::io::Error::last_os_error());
    // SAFETY: dup3 has made this descriptor, and nobody else knows it.
    unsafe { OwnedFd::from_raw_fd(number) }
}

/// A number as a descriptor although it is closed, or somebody else's: the very mistake under test.
pub(crate) fn stale(number: RawFd) -> BorrowedFd<'static> {
    // SAFETY: not sound in a program. Here the number goes only into calls that look at it
    // (fstat, epoll_ctl), in a test that knows what it stands for.
    unsafe { BorrowedFd::borrow_raw(number) }
}

/// Runs `wait` in a thread and `then` in this one as soon as the thread sleeps in a wait.
pub(crate) fn while_asleep<T: Send>(wait: impl FnOnce() -> T + Send, then: impl FnOnce(u32)) -> T {
    let (tell, told) = mpsc::channel();
    testkit::guarded(|| {
        std::thread::scope(|scope| {
            let waiter = scope.spawn(move || {
                tell.send(testkit::proc::gettid()).unwrap();
                wait()
            });
            let task = told.recv().unwrap();
            testkit::proc::until_asleep(task, WAITS);
            then(task);
            waiter.join().unwrap()
        })
    })
}
