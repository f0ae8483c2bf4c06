//! Which comparisons there are, and how the two sides of one are laid out over the descriptors.

use std::fmt;
use std::os::fd::{AsFd as _, AsRawFd as _};

use cli::Outcome;
use multiplex::{Backend, Trigger};
use nix::sys::epoll::EpollFlags;
use nix::sys::eventfd::EventFd;

use crate::raw;
use crate::side::{Measured, Ours, Wait, WakeUps};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The same loop twice, without a wait: its ratio shows what the harness can tell apart, its
    /// time what write and read have in every other row.
    Control,
    /// A back end by level, beside its call.
    Level(Backend),
    /// mio by edge, which is what it is inside, beside epoll by edge.
    MioEdge,
    /// mio by level beside the same baseline: the price of arming each event once more with
    /// epoll_ctl(2). It shows what that costs and is not judged: a raw loop has no such thing.
    MioLevel,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control => f.pad("(no wait)"),
            Self::Level(backend) => backend.fmt(f),
            Self::MioEdge => f.pad("mio"),
            Self::MioLevel => f.pad("mio level"),
        }
    }
}

/// Where the active descriptor stands among the idle ones. Only select and poll can tell.
///
/// In the middle, a search from the front (the raw loops, our select) and one from the back (our
/// poll) see half of the array each. At the end, the kernel has the most to do, as it has in a
/// wait that really sleeps: it puts itself into the queue of each descriptor until it finds one
/// that is ready. There our poll finds it first and our select last.
///
/// The front has no row: there the kernel has the least to do and our poll searches longest, and
/// the ratios were 1.01 to 1.07 all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Middle,
    End,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Middle => "middle",
            Self::End => "end",
        })
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) idle: usize,
}

/// Beside the idle ones: each side has an active descriptor of its own.
pub(crate) const ACTIVE: usize = 2;

/// All cases over these descriptors.
pub(crate) fn cases(counts: &[usize], all: &[EventFd]) -> Vec<Case> {
    use Backend::{Epoll, Poll, Select};
    use Kind::{Level, MioEdge, MioLevel};
    let mut cases = vec![Case { kind: Kind::Control, place: Place::Middle, idle: 0 }];
    for (kind, place) in [
        (Level(Select), Place::Middle),
        (Level(Select), Place::End),
        (Level(Poll), Place::Middle),
        (Level(Poll), Place::End),
        (Level(Epoll), Place::Middle),
        (MioEdge, Place::Middle),
        (MioLevel, Place::Middle),
    ] {
        let possible = counts.iter().filter(|&&idle| kind != Level(Select) || fits(idle, all));
        cases.extend(possible.map(|&idle| Case { kind, place, idle }));
    }
    cases
}

/// Whether select has room for the numbers of so many idle descriptors and the active ones.
fn fits(idle: usize, all: &[EventFd]) -> bool {
    let mut numbers = all[..idle + ACTIVE].iter().map(|fd| fd.as_fd().as_raw_fd());
    numbers.all(|number| usize::try_from(number).is_ok_and(|number| number < libc::FD_SETSIZE))
}

impl Case {
    /// The two sides, baseline first. They share the idle descriptors and have neighbours for
    /// their active ones: with a common one, each write would wake the other side's epoll, too.
    /// `swapped` exchanges the two, so that no side has the better number throughout.
    pub(crate) fn sides<'a>(
        self,
        all: &'a [EventFd],
        swapped: bool,
    ) -> Outcome<(Measured<'a>, Measured<'a>)> {
        let used = &all[..self.idle + ACTIVE];
        let place = match self.place {
            Place::Middle => self.idle / 2,
            Place::End => self.idle,
        };
        let (first, second) = (place, place + 1);
        let watched = |without: usize| -> Vec<&'a EventFd> {
            let others = used.iter().enumerate().filter(|(at, _)| *at != without);
            others.map(|(_, fd)| fd).collect()
        };
        let (mut mine, mut theirs) = (watched(second), watched(first));
        if swapped {
            std::mem::swap(&mut mine, &mut theirs);
        }
        // Without its neighbour, the active one stands at the same place for both.
        let (raw, ours) = (&mine[..], &theirs[..]);
        let (edge, level) = (EpollFlags::EPOLLET, EpollFlags::empty());
        let raw_side = match self.kind {
            Kind::Control => measured(raw::Nothing, raw, place),
            Kind::Level(Backend::Select) => measured(raw::Select::new(raw)?, raw, place),
            Kind::Level(Backend::Poll) => measured(raw::Poll::new(raw), raw, place),
            Kind::Level(_) => measured(raw::Epoll::new(raw, level)?, raw, place),
            Kind::MioEdge | Kind::MioLevel => measured(raw::Epoll::new(raw, edge)?, raw, place),
        };
        let our_side = match self.kind {
            Kind::Control => measured(raw::Nothing, ours, place),
            Kind::Level(backend) => {
                measured(Ours::new(backend, Trigger::Level, ours)?, ours, place)
            }
            Kind::MioEdge => measured(Ours::new(Backend::Mio, Trigger::Edge, ours)?, ours, place),
            Kind::MioLevel => measured(Ours::new(Backend::Mio, Trigger::Level, ours)?, ours, place),
        };
        Ok((raw_side, our_side))
    }
}

fn measured<'a>(wait: impl Wait + 'a, watched: &[&'a EventFd], place: usize) -> Measured<'a> {
    Box::new(WakeUps { wait, active: watched[place], place })
}
