//! The stack of a stopped task, fetched page by page: a walk reads dozens of words that lie close
//! together, and each fetch is a system call.

use std::cell::RefCell;

use crate::sys::{Memory, OfProcess, Tid};

const PAGE: usize = 4096;

/// Words of memory, with the pages that were already seen.
pub(super) struct Stack {
    memory: OfProcess,
    pages: RefCell<Vec<(u64, Box<[u8; PAGE]>)>>,
}

impl Stack {
    pub(super) fn of(tid: Tid) -> Self {
        Self { memory: OfProcess(tid), pages: RefCell::default() }
    }
}

impl Memory for Stack {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        self.memory.read(address, bytes)
    }

    fn word(&self, address: u64) -> Option<u64> {
        let offset = usize::try_from(address % PAGE as u64).ok()?;
        let Some(rest) = PAGE.checked_sub(offset).filter(|rest| *rest >= 8) else {
            // Across two pages.
            return self.memory.word(address);
        };
        let page = address - offset as u64;
        let mut pages = self.pages.borrow_mut();
        let known = pages.iter().position(|(start, _)| *start == page);
        let index = if let Some(index) = known {
            index
        } else {
            let bytes = self.memory.array::<PAGE>(page)?;
            pages.push((page, Box::new(bytes)));
            pages.len() - 1
        };
        let at = PAGE - rest;
        let word = pages.get(index)?.1.get(at..at + 8)?;
        Some(u64::from_ne_bytes(word.try_into().ok()?))
    }
}
