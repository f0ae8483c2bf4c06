//! What is built on atomics, each one word or two of shared memory and no allocation.
//!
//! The files here know nothing about memory or processes: they use `platform`, which is a futex
//! here and loom's scheduler in `tests/model`, where the very same files are checked under all
//! interleavings.

pub(crate) mod barrier;
pub(crate) mod event;
mod platform;
pub(crate) mod ring;
pub(crate) mod semaphore;
