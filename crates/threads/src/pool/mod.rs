//! A pool of threads: CPython's `multiprocessing.pool.ThreadPool`, in two flavours.
//!
//! | flavour | where tasks wait | good at |
//! |---|---|---|
//! | [`Flavour::Channel`] | in one channel that all workers read | order; simple |
//! | [`Flavour::Stealing`] | in a deque for each worker; the idle steal | tasks that submit tasks |
//!
//! The end of a pool is written in types. [`Pool::close`] consumes the pool, so nothing can be
//! submitted to a closed one; [`Closed::join`] exists on nothing else, so join before close,
//! which is a `ValueError` in CPython, does not compile.
//!
//! Dropping a [`Pool`] or a [`Closed`] is [`Pool::terminate`]: what is queued is cancelled, and
//! nobody is joined, neither a task that runs (a thread cannot be killed, and its task may never
//! end) nor the thread that drops, which may be a worker itself. Whoever wants the work done says
//! `pool.close().join()`.

mod channel;
mod stealing;
mod task;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use syscall::{Context as _, Deadline, Errno};

pub use task::{Task, TaskError};

/// How tasks get to the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Through one channel that all workers read: tasks start in the order of their submission.
    Channel,
    /// Through a deque for each worker. What a worker submits stays with it until an idle one
    /// steals it (Blumofe and Leiserson 1999; crossbeam's Chase-Lev deques).
    Stealing,
}

/// A task without its type.
type Job = Box<dyn FnOnce() + Send>;

/// What a flavour must offer. Dropping a job cancels its task.
trait Queue: Send + Sync {
    /// Hands a job in. Never called after the other two: they consume the pool.
    fn push(&self, job: Job);
    /// Nothing more comes: the workers leave when they find nothing.
    fn close(&mut self);
    /// The workers leave after what they are doing; what is queued is dropped.
    fn cancel(&mut self);
}

/// Named workers that take tasks from one queue.
///
/// A task that waits for a task of its own pool can wait for ever: it occupies the worker that
/// the other one needs. That is so in every pool of a fixed size, CPython's too.
///
/// ```
/// use threads::{Deadline, Flavour, Pool};
///
/// let pool = Pool::new(Flavour::Stealing, 2)?;
/// let task = pool.submit(|| 6 * 7);
/// let squares: Result<Vec<u32>, _> = pool.map(1..=4, |n| n * n).into_iter().collect();
/// assert_eq!(task.get(Deadline::Never)?, 42);
/// assert_eq!(squares?, [1, 4, 9, 16]);
/// pool.close().join();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Pool(Crew);

impl Pool {
    /// `size` workers called `worker-0`, `worker-1`, … (`ThreadPool(processes)`).
    ///
    /// # Errors
    /// EINVAL for no workers, EAGAIN when the system refuses another thread (pthread_create(3));
    /// those that had already started end.
    pub fn new(flavour: Flavour, size: usize) -> Result<Self, StartError> {
        Self::named(flavour, size, "worker")
    }

    /// The same with a name of your own in front of the number
    /// (`ThreadPoolExecutor(thread_name_prefix=…)`). The kernel shows its first 15 bytes.
    ///
    /// # Errors
    /// As [`Pool::new`], and EINVAL for a name with a NUL in it.
    pub fn named(flavour: Flavour, size: usize, name: &str) -> Result<Self, StartError> {
        if size == 0 {
            return Err(StartError::NoWorkers);
        }
        if name.contains('\0') {
            return Err(StartError::Name);
        }
        let (queue, loops) = match flavour {
            Flavour::Channel => channel::new(size),
            Flavour::Stealing => stealing::new(size),
        };
        let mut crew = Crew { queue, workers: Vec::with_capacity(size) };
        for (number, work) in loops.into_iter().enumerate() {
            let builder = thread::Builder::new().name(format!("{name}-{number}"));
            // On failure the crew is dropped, which sends those who have started home.
            let worker = builder.spawn(work).call("pthread_create").map_err(StartError::Spawn)?;
            crew.workers.push(worker);
        }
        Ok(Self(crew))
    }

    /// Queues a task (`apply_async`) and never waits: the queue has no limit but memory.
    ///
    /// A panic in it is an error for whoever asks the [`Task`]; the worker lives on. The process's
    /// panic hook still runs and by default writes to standard error. Dropping the `Task` does
    /// not cancel anything.
    pub fn submit<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Task<T> {
        let (task, result) = task::new();
        self.0.queue.push(Box::new(move || result.fill(work)));
        task
    }

    /// One task for each item; waits for all and gives their results in the order of the items
    /// (`map` with chunks of 1). Where CPython raises the first error and forgets the rest, each
    /// item has a result of its own here; `.into_iter().collect::<Result<Vec<_>, _>>()` is
    /// CPython's answer.
    pub fn map<I, T>(
        &self,
        items: impl IntoIterator<Item = I>,
        work: impl Fn(I) -> T + Send + Sync + 'static,
    ) -> Vec<Result<T, TaskError>>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let work = std::sync::Arc::new(work);
        let submit = |item| {
            let work = std::sync::Arc::clone(&work);
            self.submit(move || work(item))
        };
        // Submitted all before the first is asked: otherwise they would run one by one.
        let tasks: Vec<Task<T>> = items.into_iter().map(submit).collect();
        tasks.into_iter().map(|task| task.get(Deadline::Never)).collect()
    }

    /// How many workers it has.
    pub fn size(&self) -> usize {
        self.0.workers.len()
    }

    /// Nothing more can be submitted; what was submitted is done (`close`).
    pub fn close(mut self) -> Closed {
        self.0.queue.close();
        Closed(self.0)
    }

    /// Cancels everything that is queued: its tasks say [`TaskError::Cancelled`], now
    /// (`terminate`). A task that a worker has already taken runs to its end and keeps its result.
    pub fn terminate(self) -> Closed {
        self.close().terminate()
    }
}

/// A pool that takes no more tasks.
#[derive(Debug)]
#[must_use = "dropping it cancels what is still queued: join waits for it"]
pub struct Closed(Crew);

impl Closed {
    /// Waits until all workers have gone (`join`): after [`Pool::close`] all tasks are done by
    /// then, after [`Pool::terminate`] those that were running. A worker that joins its own pool
    /// waits for the others.
    pub fn join(mut self) {
        for worker in self.0.workers.drain(..) {
            if worker.thread().id() != thread::current().id() {
                // A worker does not panic: what a task throws is caught in it.
                let _ = worker.join();
            }
        }
    }

    /// [`Pool::terminate`] for those who have lost their patience.
    pub fn terminate(mut self) -> Self {
        self.0.queue.cancel();
        self
    }
}

struct Crew {
    queue: Box<dyn Queue>,
    workers: Vec<JoinHandle<()>>,
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.queue.cancel();
    }
}

impl fmt::Debug for Crew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crew").field("workers", &self.workers).finish_non_exhaustive()
    }
}

/// Runs foreign code that may panic where nobody wants to hear of it: the destructor of a result
/// that nobody takes any more, or of a closure that is cancelled.
fn shielded(foreign: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(foreign)) {
        // A payload may panic when it is dropped. Leaking it is the only answer that ends.
        std::mem::forget(payload);
    }
}

/// Why a pool could not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// A pool of no workers would never do anything. CPython raises `ValueError`.
    NoWorkers,
    /// A thread's name is a C string: no NUL in it.
    Name,
    /// The system refused a thread.
    Spawn(syscall::Error),
}

impl StartError {
    /// EINVAL for a mistake of the caller, the system's own errno otherwise.
    pub fn errno(&self) -> Errno {
        match self {
            Self::NoWorkers | Self::Name => Errno::EINVAL,
            Self::Spawn(error) => error.errno(),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWorkers => f.write_str("a pool needs at least one worker"),
            Self::Name => f.write_str("the name of a thread cannot contain a NUL"),
            Self::Spawn(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}
