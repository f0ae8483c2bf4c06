//! A flag that processes wait for: CPython's `multiprocessing.Event`. The word itself is in
//! `word/event.rs`.

use syscall::Deadline;

use crate::error::Result;
use crate::memory::{Head, Place, Segment};
use crate::word::event::Flag;

// SAFETY: an atomic, of which every value is one.
unsafe impl Head for Flag {
    const NAME: &'static str = "event 1";
}

/// One process says that something has happened, any number of others wait for it. The sibling of
/// `threads::Event`.
///
/// A [`set`](Event::set) releases everybody who was waiting at that moment, even if
/// [`clear`](Event::clear) follows before a single one of them has run; `multiprocessing.Event`
/// puts those to sleep again. A waiter that is killed leaves nothing behind.
///
/// ```
/// use ipc::{Deadline, Event};
///
/// # fn main() -> ipc::Result<()> {
/// let ready = Event::new()?;
/// assert!(!ready.wait(Deadline::Now));
/// ready.set();
/// assert!(ready.wait(Deadline::Never));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Event(Segment<Flag>);

impl Event {
    /// An event that is not set, for this process and its children.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new() -> Result<Self> {
        Self::make(Place::Anonymous)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str) -> Result<Self> {
        Self::make(Place::Named(name))
    }

    fn make(place: Place<'_>) -> Result<Self> {
        Segment::new(place, 0, 0, Flag::new(), |_| Ok(())).map(Self)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Segment::open(name, 0).map(Self)
    }

    /// Waits until it is set: at once when it is (`Event.wait(timeout)`).
    ///
    /// False when the deadline has passed first.
    pub fn wait(&self, deadline: Deadline) -> bool {
        self.0.head().wait(deadline)
    }

    /// Sets it and releases everybody who waits (`Event.set()`).
    pub fn set(&self) {
        self.0.head().set();
    }

    /// From now on processes wait again (`Event.clear()`). Takes back nobody's release.
    pub fn clear(&self) {
        self.0.head().clear();
    }

    /// True between `set` and `clear` (`Event.is_set()`). Old by the time it is looked at.
    pub fn is_set(&self) -> bool {
        self.0.head().is_set()
    }
}
