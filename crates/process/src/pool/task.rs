//! The result of a task, on its way from a worker to whoever asks: CPython's `AsyncResult`.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use syscall::Deadline;

use super::crew::Crew;
use super::job::open;
use crate::error::Error;
use crate::exit::Exit;
use crate::wire::Wire;

/// The bytes of an answer, or why there are none.
pub(super) type Answer = Result<Vec<u8>, TaskError>;

/// Where the answers to one call arrive, with the place of each among the tasks of the call.
#[derive(Default)]
pub(super) struct Inbox(RefCell<VecDeque<(usize, Answer)>>);

impl Inbox {
    pub(super) fn put(&self, place: usize, answer: Answer) {
        self.0.borrow_mut().push_back((place, answer));
    }

    pub(super) fn take(&self) -> Option<(usize, Answer)> {
        self.0.borrow_mut().pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// A task that was submitted to a [`super::Pool`] (`multiprocessing.pool.AsyncResult`).
#[must_use = "without it nobody learns how the task ended"]
pub struct Task<R> {
    crew: Rc<RefCell<Crew>>,
    inbox: Rc<Inbox>,
    taken: Cell<bool>,
    result: PhantomData<fn() -> R>,
}

impl<R: Wire> Task<R> {
    pub(super) fn new(crew: Rc<RefCell<Crew>>, inbox: Rc<Inbox>) -> Self {
        Self { crew, inbox, taken: Cell::new(false), result: PhantomData }
    }

    /// Waits for the result (`get(timeout)`), and does the pool's work meanwhile.
    /// [`TaskError::TimedOut`] leaves everything as it is: ask again. A value is handed over once,
    /// an error as often as it is asked for.
    ///
    /// # Errors
    /// See [`TaskError`].
    pub fn get(&self, deadline: Deadline) -> Result<R, TaskError> {
        if self.taken.get() {
            return Err(TaskError::Taken);
        }
        loop {
            if let Some((place, answer)) = self.inbox.take() {
                let result = open(answer);
                match &result {
                    Ok(_) => self.taken.set(true),
                    Err(error) => self.inbox.put(place, Err(error.clone())),
                }
                return result;
            }
            self.crew.borrow_mut().turn(deadline).map_err(TaskError::Pool)?;
            if self.inbox.is_empty() && deadline.has_passed() {
                return Err(TaskError::TimedOut);
            }
        }
    }

    /// True when [`Task::get`] would not wait (`ready()`). Looks whether answers have come.
    pub fn is_done(&self) -> bool {
        if self.inbox.is_empty() && !self.taken.get() {
            // What fails here fails in `get` again, where it can be told.
            let _ = self.crew.borrow_mut().turn(Deadline::Now);
        }
        self.taken.get() || !self.inbox.is_empty()
    }
}

impl<R> fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskError {
    /// The task panicked, with this message. The worker goes on. CPython carries the exception
    /// itself to the caller; a text is all that a panic has to say.
    Panicked(String),
    /// The worker ended in the middle of the task: by a signal, or because the task left by
    /// exit(3). Another worker takes its place. CPython's `get` hangs here.
    Died(Exit),
    /// The bytes of the task, or of its result, are not what their type says.
    Malformed(String),
    /// The task, or its result, has so many bytes: more than [`super::Options::limit`].
    TooLarge(usize),
    /// The deadline has passed first; the task goes on.
    TimedOut,
    /// The pool was terminated or dropped before the task had ended. CPython's `get` hangs here.
    Cancelled,
    /// An earlier `get` was given the value.
    Taken,
    /// The pool has no worker for it and cannot make one, or the parent's own call failed.
    Pool(Error),
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "the task panicked: {message}"),
            Self::Died(exit) => write!(f, "the worker ended in the middle of the task: {exit}"),
            Self::Malformed(what) => f.write_str(what),
            Self::TooLarge(bytes) => write!(f, "{bytes} bytes are too many for this pool"),
            Self::TimedOut => f.write_str("the task has no result yet"),
            Self::Cancelled => f.write_str("the pool ended before the task had"),
            Self::Taken => f.write_str("the result of the task was already taken"),
            Self::Pool(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TaskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Pool(error) => Some(error),
            _ => None,
        }
    }
}
