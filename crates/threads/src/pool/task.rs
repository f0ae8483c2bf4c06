//! The result of a task, on its way from a worker to whoever asks: CPython's `AsyncResult`.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use syscall::Deadline;

use super::shielded;
use crate::monitor::Monitor;

/// A task that was submitted to a [`super::Pool`] (`multiprocessing.pool.AsyncResult`).
#[derive(Debug)]
#[must_use = "without it nobody learns how the task ended"]
pub struct Task<T>(Arc<Monitor<State<T>>>);

#[derive(Debug)]
enum State<T> {
    Waiting,
    Done(T),
    Failed(TaskError),
    Taken,
}

impl<T> Task<T> {
    /// Waits for the result (`get(timeout)`). [`TaskError::TimedOut`] leaves everything as it is:
    /// ask again. A value is handed over once, an error as often as it is asked for.
    ///
    /// # Errors
    /// See [`TaskError`].
    pub fn get(&self, deadline: Deadline) -> Result<T, TaskError> {
        let ready = self.0.wait(deadline, |state| !matches!(state, State::Waiting));
        let mut state = ready.ok_or(TaskError::TimedOut)?;
        match std::mem::replace(&mut *state, State::Taken) {
            State::Done(value) => Ok(value),
            State::Failed(error) => {
                *state = State::Failed(error.clone());
                Err(error)
            }
            State::Waiting | State::Taken => Err(TaskError::Taken),
        }
    }

    /// True when [`Task::get`] would not wait (`ready()`).
    pub fn is_done(&self) -> bool {
        !matches!(*self.0.lock(), State::Waiting)
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskError {
    /// The task panicked, with this message. Where CPython carries the exception itself to the
    /// caller, the text is all that a panic has to say.
    Panicked(String),
    /// The deadline has passed first; the task goes on.
    TimedOut,
    /// The pool was terminated or dropped before a worker came to it. CPython's `get` hangs here.
    Cancelled,
    /// An earlier `get` was given the value.
    Taken,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "the task panicked: {message}"),
            Self::TimedOut => f.write_str("the task has no result yet"),
            Self::Cancelled => f.write_str("the pool ended before the task began"),
            Self::Taken => f.write_str("the result of the task was already taken"),
        }
    }
}

impl std::error::Error for TaskError {}

/// The worker's side. Whatever happens to it, the other side hears of it.
pub(super) struct Promise<T>(Arc<Monitor<State<T>>>);

pub(super) fn new<T>() -> (Task<T>, Promise<T>) {
    let state = Arc::new(Monitor::new(State::Waiting));
    (Task(Arc::clone(&state)), Promise(state))
}

impl<T> Promise<T> {
    /// Runs the task and keeps what it returns, or the message of its panic.
    pub(super) fn fill(self, work: impl FnOnce() -> T) {
        // Nobody sees the captured values after a panic: they go down with the closure.
        let end = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(value) => State::Done(value),
            Err(payload) => {
                let end = State::Failed(TaskError::Panicked(message(payload.as_ref())));
                shielded(|| drop(payload));
                end
            }
        };
        self.end(end);
    }

    fn end(&self, end: State<T>) {
        self.0.change_all(|state| {
            if matches!(state, State::Waiting) {
                *state = end;
            }
        });
    }
}

impl<T> Drop for Promise<T> {
    /// Dropped without having been filled: nobody will run the task any more.
    fn drop(&mut self) {
        self.end(State::Failed(TaskError::Cancelled));
    }
}

/// `panic!` with a text makes one of these two; `panic_any` may make anything.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a text").to_owned()
}
