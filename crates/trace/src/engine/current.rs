//! Where a task is between two calls, and the call that it is in.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::limits::{Lift, Lifted};
use crate::call::Call;
use crate::step::Place;
use crate::sys::{OfProcess, Tid, arch};

/// Where a task is.
#[derive(Clone, Debug)]
pub(super) enum Position {
    /// In code of its own.
    Outside,
    /// Born in its parent's call, from which it will return when it moves.
    Born(Box<Current>),
    /// In a call: its entry was reported, its exit was not.
    Inside(Box<Current>),
    /// Its call was cut short, and is begun again unless a handler comes first.
    Cut(Box<Current>),
}

impl Position {
    /// The call that is not over.
    pub(super) fn call(&self) -> Option<&Current> {
        match self {
            Self::Outside | Self::Born(_) => None,
            Self::Inside(current) | Self::Cut(current) => Some(current),
        }
    }

    /// Leaves it [`Position::Outside`].
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::Outside)
    }
}

/// A call that is not over.
#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) number: u64,
    pub(super) args: [u64; 6],
    pub(super) place: Place,
    /// As it was told at the entry; `None` when it is not told.
    pub(super) told: Option<Call>,
    /// Since when the task sleeps in it is known, and was told.
    pub(super) blocked: bool,
    /// It was cut short by what nobody would have noticed without a tracer.
    pub(super) unseen: bool,
    /// It has made a child that borrows the memory, and waits for it.
    pub(super) lends_memory: bool,
    pub(super) since: Instant,
    pub(super) manner: Manner,
    /// The fault in it.
    pub(super) fault: Option<Injected>,
    /// When its time limit passes, in real and in virtual time, whoever ends it then.
    pub(super) limit: Option<(Instant, Duration)>,
}

/// A fault in a call.
#[derive(Clone, Debug)]
pub(super) struct Injected {
    pub(super) name: String,
    /// The task is held so long at the exit.
    pub(super) delay: Option<Duration>,
}

/// How a call is carried out.
#[derive(Clone, Debug)]
pub(super) enum Manner {
    /// As the program asks.
    Asked,
    /// With other arguments, until the exit.
    Altered(Alteration),
    /// Not at all. This is its result.
    Skipped(i64),
    /// Without its own limit: it ends by the tracer's hand.
    Lifted(Wait),
}

/// A wait in virtual time.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    /// It ends at this moment of virtual time …
    pub(super) until: Duration,
    /// … and not before this one of real time.
    pub(super) moment: Option<Instant>,
    pub(super) lift: Lift,
    /// The socket whose limit it is, while the call begins.
    pub(super) socket: Option<Rc<Lifted>>,
    /// It is over: the tracer has ended it.
    pub(super) over: bool,
}

/// Other values for arguments, and for words of memory that arguments point to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alteration {
    /// Index, the program's value, ours.
    pub(crate) arguments: Vec<(usize, u64, u64)>,
    /// Address, the program's value, ours.
    pub(crate) words: Vec<(u64, u64, u64)>,
}

impl Alteration {
    /// At the entry of the call.
    pub(super) fn make(&self, tid: Tid) -> syscall::Result<()> {
        for &(index, _, ours) in &self.arguments {
            arch::set_argument(tid, index, ours)?;
        }
        self.words.iter().try_for_each(|&(at, _, ours)| OfProcess(tid).set_word(at, ours))
    }

    /// At its exit. The first argument shares its register with the result on some processors, so
    /// it is not altered anywhere.
    pub(super) fn undo(&self, tid: Tid) -> syscall::Result<()> {
        for &(index, asked, _) in &self.arguments {
            arch::set_argument(tid, index, asked)?;
        }
        self.undo_words(tid)
    }

    /// When the kernel has read them.
    pub(super) fn undo_words(&self, tid: Tid) -> syscall::Result<()> {
        self.words.iter().try_for_each(|&(at, asked, _)| OfProcess(tid).set_word(at, asked))
    }
}
