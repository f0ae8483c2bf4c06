//! Answers as they come: CPython's `IMapIterator`.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use syscall::Deadline;

use super::job::open;
use super::task::{Answer, Inbox, TaskError};
use super::{Pool, Wire};

/// How many chunks are submitted ahead, for each worker.
const AHEAD: usize = 256;

/// The results of [`Pool::imap`] and [`Pool::imap_unordered`].
#[must_use = "the tasks are submitted as results are taken"]
pub struct Results<'p, T, R, I> {
    pool: &'p Pool<T, R>,
    items: I,
    chunk: usize,
    in_order: bool,
    inbox: Rc<Inbox>,
    /// How many tasks were submitted, have been answered, and were handed over.
    submitted: usize,
    answered: usize,
    handed: usize,
    /// Answers whose turn has not come.
    early: BTreeMap<usize, Answer>,
    /// There are no more items, or no more pool.
    over: bool,
}

impl<'p, T: Wire, R: Wire, I: Iterator<Item = T>> Results<'p, T, R, I> {
    pub(super) fn new(pool: &'p Pool<T, R>, items: I, chunk: usize, in_order: bool) -> Self {
        let mut results = Self {
            pool,
            items,
            chunk: chunk.max(1),
            in_order,
            inbox: Rc::default(),
            submitted: 0,
            answered: 0,
            handed: 0,
            early: BTreeMap::new(),
            over: false,
        };
        results.feed();
        results
    }

    /// The next result, or [`TaskError::TimedOut`]: then ask again (`next(timeout)`). `None` when
    /// all were handed over.
    pub fn next_before(&mut self, deadline: Deadline) -> Option<Result<R, TaskError>> {
        self.answer(deadline).map(|(_, answer)| open(answer))
    }

    /// The next answer, and the place of its task.
    pub(super) fn answer(&mut self, deadline: Deadline) -> Option<(usize, Answer)> {
        loop {
            self.feed();
            while let Some((place, answer)) = self.inbox.take() {
                self.answered += 1;
                if !self.in_order || place == self.handed {
                    self.handed += 1;
                    return Some((place, answer));
                }
                self.early.insert(place, answer);
            }
            if let Some(answer) = self.early.remove(&self.handed) {
                self.handed += 1;
                return Some((self.handed - 1, answer));
            }
            if self.answered == self.submitted {
                return None;
            }
            let turned = self.pool.crew.borrow_mut().turn(deadline);
            if let Err(error) = turned {
                // It would fail again, and an iterator of errors would never end.
                self.over = true;
                self.submitted = self.answered;
                return Some((self.handed, Err(TaskError::Pool(error))));
            }
            if self.inbox.is_empty() && deadline.has_passed() {
                return Some((self.handed, Err(TaskError::TimedOut)));
            }
        }
    }

    /// Submits ahead of what was taken, so that the workers have something to do, and not all at
    /// once, so that the items may be endless.
    fn feed(&mut self) {
        let ahead = self.pool.size() * AHEAD * self.chunk;
        let behind = if self.in_order { self.handed } else { self.answered };
        // In a busy loop of short tasks every call is for one item: half of it is a good time.
        if self.over || self.submitted - behind > ahead / 2 {
            return;
        }
        while !self.over && self.submitted - behind < ahead {
            let items = self.items.by_ref().take(self.chunk);
            let taken = self.pool.queue(&self.inbox, self.submitted, items, true);
            self.over = taken < self.chunk;
            self.submitted += taken;
        }
    }
}

impl<T: Wire, R: Wire, I: Iterator<Item = T>> Iterator for Results<'_, T, R, I> {
    type Item = Result<R, TaskError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_before(Deadline::Never)
    }
}

impl<T, R, I> fmt::Debug for Results<'_, T, R, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { submitted, answered, .. } = self;
        f.debug_struct("Results")
            .field("submitted", submitted)
            .field("answered", answered)
            .finish_non_exhaustive()
    }
}
