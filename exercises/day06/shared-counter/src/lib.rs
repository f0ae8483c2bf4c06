//! A number that several processes count with.

use std::io;

/// One number for this process and all that are forked later.
pub struct Counter {
    // What do you need to find it again?
}

impl Counter {
    /// A new one that begins with `value`.
    pub fn new(value: u64) -> io::Result<Self> {
        todo!()
    }

    /// What it is at this moment.
    pub fn get(&self) -> u64 {
        todo!()
    }

    /// Adds `n`, and gives the new value. It wraps around.
    pub fn add(&self, n: u64) -> u64 {
        todo!()
    }

    /// Replaces the value by what `change` makes of it, and gives the new one. Nobody has changed it
    /// in between; for that, `change` may be called several times. Nobody waits for it.
    pub fn update(&self, change: impl FnMut(u64) -> u64) -> u64 {
        todo!()
    }
}
