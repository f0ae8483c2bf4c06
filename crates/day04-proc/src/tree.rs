//! Who is whose child: every process says who its parent is, and that makes a tree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};

use cli::{Outcome, Role, Usage};
use nix::unistd::{Pid, getpid};

use crate::being::Being;
use crate::letters;
use crate::stat::Stat;

pub(crate) const ROLE: Role = Role {
    name: "tree",
    args: &["[PID]"],
    help: "the processes below this one, or all: name, PID, STAT",
    run: |args| {
        let root = args.first().map(|pid| self::pid(pid)).transpose()?;
        show(root)
    },
};

/// What the user has typed.
pub(crate) fn pid(text: &str) -> Outcome<Pid> {
    let pid = text.parse().ok().filter(|&pid| pid > 0);
    Ok(Pid::from_raw(pid.ok_or_else(|| Usage(format!("'{text}' is not a PID")))?))
}

pub(crate) fn run() -> Outcome {
    let (a, b) = (Being::start("parent", "baker")?, Being::start("plain", "butcher")?);
    Stat::until(a.pid(), 'S')?;
    Stat::until(b.pid(), 'S')?;
    writeln!(io::stdout(), "the tree below this process")?;
    show(Some(getpid()))
}

fn show(root: Option<Pid>) -> Outcome {
    let mut tree = Tree::read()?;
    match root {
        Some(root) if !tree.all.contains_key(&root) => {
            Err(format!("there is no process {root}").into())
        }
        Some(root) => tree.below(root, 1),
        // Those whose parent cannot be seen: PID 1, the kernel's PID 2, or where a container begins.
        None => tree.tops().into_iter().try_for_each(|top| tree.below(top, 0)),
    }
}

struct Tree {
    all: BTreeMap<Pid, Stat>,
    children: BTreeMap<Pid, Vec<Pid>>,
}

impl Tree {
    /// One after the other: /proc has no picture of one moment. Who has gone meanwhile is left out.
    fn read() -> Outcome<Self> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            if let Some(stat) = Stat::of(Pid::from_raw(pid))? {
                all.insert(stat.pid, stat);
            }
        }
        let mut children: BTreeMap<Pid, Vec<Pid>> = BTreeMap::new();
        for stat in all.values() {
            children.entry(stat.parent).or_default().push(stat.pid);
        }
        // The older ones first: PIDs begin again, so a larger one may be older.
        for list in children.values_mut() {
            list.sort_by_key(|pid| (all[pid].start, *pid));
        }
        Ok(Self { all, children })
    }

    fn tops(&self) -> Vec<Pid> {
        let tops = self.all.values().filter(|stat| !self.all.contains_key(&stat.parent));
        tops.map(|stat| stat.pid).collect()
    }

    /// This process and those below it. Whoever is shown is taken out: what was read while numbers
    /// were given anew could be a circle.
    fn below(&mut self, pid: Pid, depth: usize) -> Outcome {
        let Some(stat) = self.all.remove(&pid) else { return Ok(()) };
        let (letters, name) = (letters::of(&stat), &stat.name);
        writeln!(io::stdout(), "{:indent$}{name} {pid} {letters}", "", indent = 2 * depth)?;
        let children = self.children.remove(&pid).unwrap_or_default();
        children.into_iter().try_for_each(|child| self.below(child, depth + 1))
    }
}
