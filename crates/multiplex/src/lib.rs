//! Waiting for many descriptors at once: one [`Poller`], four back ends.
//!
//! | back end | how descriptors are named | triggers | limit |
//! |---|---|---|---|
//! | [`Select`] | by number, in three bit sets copied in and out at each call | level | numbers below 1024 |
//! | [`Poll`] | by number, in an array handed over at each call | level | none |
//! | [`Epoll`] | by open file, kept in the kernel between calls | level, edge | none |
//! | [`Mio`] | as epoll, through the library that tokio stands on | level, edge | none |
//!
//! The four are siblings with the same items, and one conformance suite runs on all of them. What
//! differs is not hidden but told: [`Poller::can`] and [`Poller::names`].
//!
//! A poller remembers descriptors and never owns one. [`Poller::remove`] comes before close(2):
//! what happens otherwise is the kernel's affair, and the suite shows it.

mod backend;
mod epoll;
mod error;
mod lines;
mod mio;
mod poll;
mod poller;
mod select;
mod table;
mod waker;

pub use backend::Backend;
pub use epoll::Epoll;
pub use error::{Error, Result};
pub use lines::{Fill, LineSource};
pub use mio::Mio;
pub use poll::Poll;
pub use poller::{Event, Interest, Names, Poller, Ready, Token, Trigger};
pub use select::Select;
pub use syscall::Deadline;
pub use waker::Waker;
