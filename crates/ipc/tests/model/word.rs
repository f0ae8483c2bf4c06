//! The files of `src/word`, on another platform.

#[path = "../../src/word/barrier.rs"]
pub(crate) mod barrier;
#[path = "../../src/word/event.rs"]
pub(crate) mod event;
#[path = "platform.rs"]
mod platform;
#[path = "../../src/word/ring.rs"]
pub(crate) mod ring;
#[path = "../../src/word/semaphore.rs"]
pub(crate) mod semaphore;
