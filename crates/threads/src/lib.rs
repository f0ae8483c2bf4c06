//! What std leaves out for threads, with the meaning that CPython's `threading` and
//! `multiprocessing.pool` give it.
//!
//! - [`Event`]: a flag that threads wait for;
//! - [`Semaphore`]: a number of places, with or without an upper limit;
//! - [`Pool`]: named workers behind one queue, in two flavours: a shared channel, and a deque for
//!   each worker that the others steal from. One conformance suite runs on both.
//!
//! Every wait takes a [`Deadline`], and nothing here prints or sleeps. [`Pool`] alone starts
//! threads, and says so by its name.
//!
//! Each wait is a predicate under a `Mutex` that is looked at in a loop around a `Condvar`, so
//! there is no lost wake-up to search for: nothing is built on bare atomics, and no model checker
//! is needed. (The one atomic is the channel pool's `stopped`: it goes from false to true once
//! and publishes nothing else.) The queues themselves are crossbeam's.
//!
//! What is deliberately missing, because std or crossbeam have it: names
//! ([`std::thread::Builder`]), barriers ([`std::sync::Barrier`]), channels, and the wait group
//! ([`crossbeam::sync::WaitGroup`]).
//!
//! Threads that only live as long as a function need neither `Arc` nor a pool. A scope joins them
//! all before it returns, so they may borrow what the function owns:
//!
//! ```
//! let words = ["select", "poll", "epoll"];
//! let (lengths, longest) = std::thread::scope(|scope| {
//!     let lengths = scope.spawn(|| words.iter().map(|word| word.len()).sum::<usize>());
//!     let longest = scope.spawn(|| words.iter().max_by_key(|word| word.len()));
//!     (lengths.join(), longest.join())
//! });
//! assert_eq!(lengths.ok(), Some(15));
//! assert_eq!(longest.ok().flatten(), Some(&"select"));
//! ```

#![forbid(unsafe_code)]

mod event;
mod monitor;
pub mod pool;
mod semaphore;

pub use event::Event;
pub use pool::{Flavour, Pool, Task, TaskError};
pub use semaphore::{Permit, Semaphore, TooManyReleases};
pub use syscall::Deadline;
