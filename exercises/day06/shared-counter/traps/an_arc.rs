//! expect: what the parent sees, when the child has added 10
//! expect: fork(2) copies what is private: the heap

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    pub fn new(value: u64) -> io::Result<Self> {
        Ok(Self(Arc::new(AtomicU64::new(value))))
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn add(&self, n: u64) -> u64 {
        self.0.fetch_add(n, Ordering::SeqCst).wrapping_add(n)
    }

    pub fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        let mut now = self.get();
        loop {
            let new = change(now);
            match self.0.compare_exchange(now, new, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return new,
                Err(other) => now = other,
            }
        }
    }
}
