//! A flag that threads wait for: CPython's `threading.Event`.

use syscall::Deadline;

use crate::monitor::Monitor;

/// One thread says that something has happened, any number of others wait for it.
///
/// `threading.Event`, with its promise kept in Rust's terms: a [`set`](Event::set) releases
/// everybody who was waiting at that moment, even if [`clear`](Event::clear) follows before a
/// single one of them has run. (A flag and a Condvar alone lose them, as `multiprocessing.Event`
/// does.) std has no event; a `Barrier` needs a number, a `Once` cannot be cleared.
///
/// ```
/// use threads::{Deadline, Event};
///
/// let ready = Event::new();
/// std::thread::scope(|scope| {
///     scope.spawn(|| ready.set());
///     assert!(ready.wait(Deadline::Never));
/// });
/// ready.clear();
/// assert!(!ready.wait(Deadline::Now));
/// ```
#[derive(Debug, Default)]
pub struct Event(Monitor<State>);

#[derive(Debug, Default)]
struct State {
    set: bool,
    /// Counts the calls of `set`: whoever finds it changed was waiting during one of them.
    times: u64,
}

impl Event {
    /// An event that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until it is set: at once when it is (`Event.wait(timeout)`).
    ///
    /// False when the deadline has passed first.
    pub fn wait(&self, deadline: Deadline) -> bool {
        let state = self.0.lock();
        let before = state.times;
        self.0.wait_from(state, deadline, |now| now.set || now.times != before).is_some()
    }

    /// Sets it and releases everybody who waits (`Event.set()`).
    pub fn set(&self) {
        self.0.change_all(|state| {
            state.set = true;
            state.times = state.times.wrapping_add(1);
        });
    }

    /// From now on threads wait again (`Event.clear()`). Takes back nobody's release.
    pub fn clear(&self) {
        self.0.lock().set = false;
    }

    /// True between `set` and `clear` (`Event.is_set()`). Old by the time it is looked at.
    pub fn is_set(&self) -> bool {
        self.0.lock().set
    }
}
