//! Who is whose child (ps(1) `--forest`, pstree(1)).

use std::collections::{BTreeMap, BTreeSet};

use nix::unistd::Pid;
use syscall::{Errno, Result};

use super::{Stat, pids};

/// All processes that this one may see, by parent.
///
/// It is no picture of one moment: the processes were read one after the other. A parent that
/// ended in the meantime may be missing, and its children have nobody above them here.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    all: BTreeMap<Pid, Stat>,
    children: BTreeMap<Pid, Vec<Pid>>,
}

impl Tree {
    /// Reads /proc. Who ends while it is read is left out.
    ///
    /// # Errors
    /// ENOENT (no /proc), EMFILE, ENFILE.
    pub fn read() -> Result<Self> {
        let mut all = Vec::new();
        for pid in pids()? {
            match Stat::of(pid) {
                // ESRCH: ended. EACCES and EPERM: hidden from us (hidepid).
                Err(e) if matches!(e.errno(), Errno::ESRCH | Errno::EACCES | Errno::EPERM) => {}
                stat => all.push(stat?),
            }
        }
        Ok(Self::from_stats(all))
    }

    /// Of processes that were read before.
    pub fn from_stats(all: impl IntoIterator<Item = Stat>) -> Self {
        let mut tree = Self::default();
        for stat in all {
            tree.children.entry(stat.parent).or_default().push(stat.pid);
            tree.all.insert(stat.pid, stat);
        }
        tree
    }

    /// One process.
    pub fn get(&self, pid: Pid) -> Option<&Stat> {
        self.all.get(&pid)
    }

    /// The children of a process, by number; zombies among them.
    pub fn children(&self, pid: Pid) -> impl Iterator<Item = &Stat> {
        self.children.get(&pid).into_iter().flatten().filter_map(|child| self.get(*child))
    }

    /// A process and all that have come from it, each with its depth below it, parents before
    /// their children: one line each gives the picture that pstree draws.
    pub fn below(&self, root: Pid) -> Vec<(usize, &Stat)> {
        let mut found = Vec::new();
        // Numbers that are used again while one reads can make a circle of what was a line.
        let mut seen = BTreeSet::new();
        let mut next = vec![(0, root)];
        while let Some((depth, pid)) = next.pop() {
            if seen.insert(pid)
                && let Some(stat) = self.get(pid)
            {
                found.push((depth, stat));
                let children = self.children.get(&pid).into_iter().flatten().rev();
                next.extend(children.map(|&child| (depth + 1, child)));
            }
        }
        found
    }
}
