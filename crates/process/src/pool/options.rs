//! What can be chosen about a pool.

use std::cell::RefCell;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::rc::Rc;

use super::crew::{Crew, Plan};
use super::job;
use super::serve::Initializer;
use super::{Pool, Wire};
use crate::error::{Error, Result};

/// The arguments of CPython's `Pool`, and two more.
///
/// ```no_run
/// # fn main() -> process::Result<()> {
/// use process::pool::Options;
///
/// let pool = Options::new(2)
///     .initializer(|| std::env::set_current_dir("/"))
///     .max_tasks(100)
///     .start(|path: String| std::fs::read(path).map_err(|error| error.to_string()))?;
/// # drop(pool);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is started before start"]
pub struct Options {
    size: usize,
    name: String,
    max_tasks: u64,
    limit: usize,
    initializer: Initializer,
}

impl Options {
    /// `size` workers, and the rest as [`Pool::new`] has it.
    pub fn new(size: usize) -> Self {
        Self {
            size,
            name: "worker".into(),
            max_tasks: u64::MAX,
            limit: 64 << 20,
            initializer: Box::new(|| Ok(())),
        }
    }

    /// A name of your own in front of the number. ps(1) shows 15 bytes of the whole.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// After so many tasks a worker leaves and a fresh one takes its place (`maxtasksperchild`,
    /// which counts a chunk as one; here each task counts). 0 is taken for 1.
    pub fn max_tasks(mut self, count: u64) -> Self {
        self.max_tasks = count.max(1);
        self
    }

    /// The most bytes that a task or a result may have, 64 MiB unless said otherwise. More is
    /// [`super::TaskError::TooLarge`].
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Runs in each worker before its first task (`initializer`). When it fails there is no pool;
    /// when it fails in a worker that replaces another, no more are made. CPython makes a new
    /// worker each time, for ever.
    pub fn initializer<E: Display>(
        mut self,
        mut run: impl FnMut() -> std::result::Result<(), E> + 'static,
    ) -> Self {
        self.initializer = Box::new(move || run().map_err(|error| error.to_string()));
        self
    }

    /// Forks the workers, and waits until all of them are ready.
    ///
    /// # Errors
    /// [`Error::NoWorkers`] for a size of 0, [`Error::Initializer`], those of [`crate::fork()`],
    /// EMFILE (two descriptors for each worker), ENOMEM.
    pub fn start<T: Wire, R: Wire>(
        self,
        mut work: impl FnMut(T) -> R + 'static,
    ) -> Result<Pool<T, R>> {
        let Self { size, name, max_tasks, limit, initializer } = self;
        if size == 0 {
            return Err(Error::NoWorkers);
        }
        let work = Box::new(move |task: &[u8], answer: &mut Vec<u8>| {
            job::run(&mut work, task, answer);
        });
        let crew = Crew::start(Plan { size, name, max_tasks, limit, initializer, work })?;
        Ok(Pool { crew: Rc::new(RefCell::new(crew)), types: PhantomData })
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, name, max_tasks, limit, .. } = self;
        f.debug_struct("Options")
            .field("size", size)
            .field("name", name)
            .field("max_tasks", max_tasks)
            .field("limit", limit)
            .finish_non_exhaustive()
    }
}
