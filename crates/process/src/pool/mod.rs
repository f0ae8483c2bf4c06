//! A pool of processes: CPython's `multiprocessing.Pool`, and beside it `threads::Pool`.
//!
//! **One function, given first.** A forked worker is a copy of its parent, so it knows every
//! function that was there before the pool, and what that function had captured, without a byte
//! being sent; it can never be told another one. CPython hides this: it sends the *name* of a
//! function with each task, and a worker that was forked before the function existed does not
//! find it. Here the function is the first argument of the pool and stands in its type: a
//! [`Pool<T, R>`] turns a `T` into an `R`. Several functions are an enum and a `match`; several
//! arguments are a tuple (`starmap`); a task that can fail has a `Result` for its `R`, which keeps
//! the type of its error. What is sent is [`Wire`].
//!
//! **No thread.** A process with threads does not fork, and a worker that has died is replaced
//! by a fork. So the parent's side of the pool works inside of the calls of its user, on poll(2):
//! [`Task::get`], [`Pool::map`], [`Pool::submit`], [`Pool::turn`], … A worker that is done while
//! the parent does something else waits until the parent comes back. The caller never blocks on
//! a worker's socket, so none of them can block the other.
//!
//! **A worker that dies** (SIGKILL, SIGSEGV, a task that calls exit) is a [`TaskError::Died`] for
//! the task that it was working on, and it is replaced. What it was given and had not begun goes
//! to somebody else. With chunks, the answers of a chunk come together, so those of its tasks that
//! had been done are lost as well. CPython's pool loses them all and waits for ever.
//!
//! The end of a pool is written in types, as for threads: [`Pool::close`] consumes the pool, and
//! join before close, a `ValueError` in CPython, does not compile. [`Pool::terminate`] and
//! dropping kill the workers, by SIGKILL: what a task has begun stays half done. All of them wait
//! until the workers are gone, and leave no zombie. If the parent dies, whatever of, its workers
//! are killed in the same moment (prctl(2), PR_SET_PDEATHSIG).
//!
//! Workers handle no signal of their own. Ctrl-C, which goes to all processes in the foreground,
//! ends the workers as it ends the parent; where the parent ignores or handles it, they do too.

mod closed;
mod crew;
mod job;
mod line;
mod options;
mod progress;
mod results;
mod serve;
mod task;
mod worker;

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use nix::unistd::Pid;
use syscall::Deadline;

use crate::error::Result;
use crate::wire::Wire;
pub use closed::Closed;
use crew::Crew;
use job::Draft;
pub use options::Options;
pub use results::Results;
use task::Inbox;
pub use task::{Task, TaskError};

/// Worker processes that turn each `T` into an `R`.
///
/// ```no_run
/// use process::{Deadline, Pool};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = Pool::new(4, |(base, power): (u64, u32)| base.pow(power))?;
/// let task = pool.submit((2, 10));
/// let squares: Result<Vec<u64>, _> = pool.map((1..=4).map(|n| (n, 2)), 1).into_iter().collect();
/// assert_eq!(task.get(Deadline::Never)?, 1024);
/// assert_eq!(squares?, [1, 4, 9, 16]);
/// pool.close().join()?;
/// # Ok(())
/// # }
/// ```
pub struct Pool<T, R> {
    crew: Rc<RefCell<Crew>>,
    types: PhantomData<fn(T) -> R>,
}

impl<T: Wire, R: Wire> Pool<T, R> {
    /// `size` workers for this function, called `worker-0`, `worker-1`, …, all of them started
    /// when this returns (`Pool(processes)`). [`Options`] has more to choose.
    ///
    /// Each worker has its own copy of what the function has captured, so one that changes it
    /// (`FnMut`) changes it for the later tasks of the same worker and for nobody else.
    ///
    /// # Errors
    /// As [`Options::start`].
    pub fn new(size: usize, work: impl FnMut(T) -> R + 'static) -> Result<Self> {
        Options::new(size).start(work)
    }

    /// Queues a task and never waits (`apply_async`).
    ///
    /// A panic in it is an error for whoever asks the [`Task`]; the worker lives on, and its panic
    /// hook writes to standard error as always. Dropping the `Task` does not cancel anything.
    #[doc(alias = "apply_async")]
    pub fn submit(&self, task: T) -> Task<R> {
        let inbox = Rc::default();
        self.queue(&inbox, 0, [task], false);
        let mut crew = self.crew.borrow_mut();
        if crew.has_queue() {
            // Nobody seems to be free: a look, so that a loop of submits keeps them busy. What
            // fails here fails in `get` again, where it can be told.
            let _ = crew.turn(Deadline::Now);
        }
        drop(crew);
        Task::new(Rc::clone(&self.crew), inbox)
    }

    /// Runs one task and waits for it (`apply`).
    ///
    /// # Errors
    /// As [`Task::get`].
    pub fn apply(&self, task: T) -> std::result::Result<R, TaskError> {
        self.submit(task).get(Deadline::Never)
    }

    /// All results, in the order of the tasks (`map`, and for tuples `starmap`).
    ///
    /// `chunk` tasks go to a worker at a time, and come back together; 0 counts as 1. Many small
    /// tasks are faster in chunks; few long ones are better spread with chunks of 1.
    ///
    /// Where CPython raises the first error and forgets the rest, each task has a result of its
    /// own here; `.into_iter().collect::<Result<Vec<_>, _>>()` is CPython's answer.
    ///
    /// As long as they take under 0.1 ms, tasks (and chunks) are sent to busy workers ahead of
    /// time, which is what makes short ones fast. Those that have not begun are taken back when
    /// another worker is free, and when their worker dies. But tasks of one call that wait for one
    /// another may find each other in the same queue: [`Pool::submit`] those.
    #[doc(alias = "starmap")]
    pub fn map<I: IntoIterator<Item = T>>(
        &self,
        tasks: I,
        chunk: usize,
    ) -> Vec<std::result::Result<R, TaskError>> {
        let mut answers = Results::new(self, tasks.into_iter(), chunk, false);
        let mut results = Vec::new();
        while let Some((place, answer)) = answers.answer(Deadline::Never) {
            if results.len() <= place {
                // A place is empty until its answer has come, and all come.
                results.resize_with(place + 1, || Err(TaskError::Cancelled));
            }
            results[place] = job::open(answer);
        }
        results
    }

    /// The results one after the other, in the order of the tasks (`imap`).
    ///
    /// The tasks may be endless: some are submitted ahead, the others as results are taken.
    pub fn imap<I: IntoIterator<Item = T>>(
        &self,
        tasks: I,
        chunk: usize,
    ) -> Results<'_, T, R, I::IntoIter> {
        Results::new(self, tasks.into_iter(), chunk, true)
    }

    /// The results as they come (`imap_unordered`).
    pub fn imap_unordered<I: IntoIterator<Item = T>>(
        &self,
        tasks: I,
        chunk: usize,
    ) -> Results<'_, T, R, I::IntoIter> {
        Results::new(self, tasks.into_iter(), chunk, false)
    }

    /// Puts these tasks into the queue as one chunk. Gives how many there were.
    fn queue(
        &self,
        inbox: &Rc<Inbox>,
        first: usize,
        tasks: impl IntoIterator<Item = T>,
        ahead: bool,
    ) -> usize {
        let limit = self.crew.borrow().limit();
        let mut draft = Draft::new(inbox, first, limit, ahead);
        // Code of the caller's runs here: the crew is not borrowed meanwhile.
        tasks.into_iter().for_each(|task| draft.add(&task));
        let (jobs, count) = draft.done();
        self.crew.borrow_mut().submit(jobs);
        count
    }
}

impl<T, R> Pool<T, R> {
    /// One round of the work that is the parent's: gives tasks out, waits for something to happen
    /// if any is under way, takes answers, replaces workers. For a parent that does other things
    /// between submitting and asking.
    ///
    /// # Errors
    /// [`crate::Error::NotOurs`] in a forked copy of the parent, ENOMEM, EINVAL (RLIMIT_NOFILE).
    pub fn turn(&self, deadline: Deadline) -> Result<()> {
        self.crew.borrow_mut().turn(deadline)
    }

    /// How many workers it has.
    pub fn size(&self) -> usize {
        self.crew.borrow().size()
    }

    /// Their numbers, at this moment.
    pub fn pids(&self) -> Vec<Pid> {
        self.crew.borrow().pids()
    }

    /// Nothing more can be submitted; what was submitted will be done (`close`).
    pub fn close(self) -> Closed {
        self.crew.borrow_mut().close();
        Closed::new(Rc::clone(&self.crew))
    }

    /// Kills the workers. Tasks without an answer say [`TaskError::Cancelled`], now, those that
    /// were running too (`terminate`).
    pub fn terminate(self) -> Closed {
        self.close().terminate()
    }
}

impl<T, R> Drop for Pool<T, R> {
    fn drop(&mut self) {
        let mut crew = self.crew.borrow_mut();
        if !crew.is_closed() {
            crew.abandon();
        }
    }
}

impl<T, R> fmt::Debug for Pool<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("workers", &self.pids()).finish_non_exhaustive()
    }
}
