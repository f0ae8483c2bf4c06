//! What is renamed into what: collected from all steps before anything is renamed, because an
//! output may tell a port before a call shows it.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::Visitor;
use crate::call::Address;
use crate::task::Task;

/// The names of what differs from run to run, numbered in the order of appearance.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The kernel's numbers of tasks.
    pub(super) tasks: BTreeMap<i32, Task>,
    /// Ports that the kernel has chosen.
    pub(super) ports: BTreeMap<u16, u32>,
    /// Ports that somebody has chosen: they stay.
    pub(super) given: BTreeSet<u16>,
    pub(super) inodes: BTreeMap<u64, u64>,
    /// Random and temporal parts of names.
    pub(super) words: BTreeMap<Vec<u8>, usize>,
    /// Pseudoterminals.
    pub(super) terminals: BTreeMap<Vec<u8>, usize>,
}

/// Where Linux begins to choose ports (ip(7), ip_local_port_range).
const EPHEMERAL: u16 = 32_768;

impl Names {
    fn port(&mut self, port: u16) {
        let next = u32::try_from(self.ports.len()).unwrap_or(u32::MAX).saturating_add(1);
        if port != 0 && !self.given.contains(&port) {
            self.ports.entry(port).or_insert(next);
        }
    }

    pub(super) fn inode_name(&mut self, inode: u64) -> u64 {
        let next = self.inodes.len() as u64 + 1;
        *self.inodes.entry(inode).or_insert(next)
    }

    pub(super) fn word(&mut self, word: &[u8]) -> usize {
        let next = self.words.len() + 1;
        *self.words.entry(word.to_vec()).or_insert(next)
    }

    pub(super) fn terminal(&mut self, number: &[u8]) -> usize {
        let next = self.terminals.len() + 1;
        *self.terminals.entry(number.to_vec()).or_insert(next)
    }
}

fn port(address: &Address) -> Option<u16> {
    match address {
        Address::V4(address) => Some(address.port()),
        Address::V6(address) => Some(address.port()),
        _ => None,
    }
}

/// The first pass.
impl Visitor for Names {
    fn address(&mut self, address: &mut Address, asked: bool) {
        let Some(port) = port(address) else { return };
        if asked {
            // Asked for after the kernel has once given it: it has its name and keeps it.
            self.given.insert(port);
        } else if port >= EPHEMERAL {
            self.port(port);
        }
    }

    fn local(&mut self, address: &mut Address) {
        // Not asked for by anybody: the kernel has chosen it, whatever its range is here.
        if let Some(port) = port(address) {
            self.port(port);
        }
    }

    fn inode(&mut self, inode: &mut u64) {
        // 0 is none.
        if *inode != 0 {
            self.inode_name(*inode);
        }
    }
}
