//! The stack of a stopped task, fetched some pages at a time: a walk reads dozens of words that lie
//! close together, and each fetch is a system call.

use std::cell::RefCell;

use crate::sys::{Memory, OfProcess, Tid};

const PAGE: usize = 4096;
/// Most walks need no more.
const PART: usize = 4 * PAGE;

/// Words of memory, with the parts that were already seen.
pub(super) struct Stack {
    memory: OfProcess,
    /// Where each begins, and what is there, as far as there is memory.
    parts: RefCell<Vec<(u64, Vec<u8>)>>,
}

impl Stack {
    pub(super) fn of(tid: Tid) -> Self {
        Self { memory: OfProcess(tid), parts: RefCell::default() }
    }
}

impl Memory for Stack {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        self.memory.read(address, bytes)
    }

    fn word(&self, address: u64) -> Option<u64> {
        let word = |(start, part): &(u64, Vec<u8>)| {
            let at = usize::try_from(address.checked_sub(*start)?).ok()?;
            let bytes = part.get(at..)?.first_chunk()?;
            Some(u64::from_ne_bytes(*bytes))
        };
        let mut parts = self.parts.borrow_mut();
        if let Some(known) = parts.iter().find_map(word) {
            return Some(known);
        }
        let start = address - address % PAGE as u64;
        let part = (start, self.memory.bytes(start, PART));
        let found = word(&part);
        parts.push(part);
        found
    }
}
