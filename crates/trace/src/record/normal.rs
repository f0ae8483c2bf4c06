//! Renaming what differs from run to run.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use super::names::Names;
use super::walk::{self, Visitor};
use super::{Recording, binary, lengths, machine, sort, text};
use crate::call::{Address, Bytes};
use crate::pid::Pid;
use crate::state::Change;
use crate::step::Step;
use crate::task::Task;

/// What only who has made a recording can know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The kernel's numbers of the tasks, threads too.
    pub tasks: BTreeMap<i32, Task>,
    /// Folders, absolute and without a slash at the end, and what to call them: the repository
    /// `.`, the folder for temporary files `/tmp`. No name may itself begin with another folder
    /// of this list.
    pub folders: Vec<(String, String)>,
}

impl Recording {
    /// Renames what differs from run to run, so that two runs of a program are equal:
    ///
    /// - processes and threads by their [`Task`], others outside as `P0` (but 1, which is init);
    /// - ports that the kernel has chosen as `port#1`, `port#2`, … in the order of appearance. A
    ///   port stays that the program asks for in bind(2) before the kernel has shown it, or that
    ///   stands in the arguments;
    /// - inodes as 1, 2, …; in texts as `#1`;
    /// - the random part of tempfile's names, and the time in nanoseconds at the end of a name,
    ///   as `.tmp#1` and `time#2`; folders as the surroundings say;
    /// - all of these inside texts and bytes too, where a number stands alone, and the lengths of
    ///   those bytes (the argument and the answer of that call) along with them;
    /// - spans of time in calls are rounded up to three digits, the last one 0 or 5: what is left
    ///   of a time limit differs by microseconds;
    /// - terminals as `/dev/pts/#1`, …;
    /// - what the machine says of itself is left out: bytes from below /proc and /sys, from
    ///   netlink(7) and getrandom(2), and how many they are.
    ///
    /// Deliberately left: what a program measures and prints (`203 ms`), numbers that are not
    /// written in decimal, numbers joined to letters, a byte count in the kernel's state (a pipe's
    /// fill, an offset) that differs because a number in the bytes has more digits; and an amount
    /// above 999 that happens to be a process's number is renamed with it. Doing it twice changes
    /// nothing.
    pub fn normalise(&mut self, surroundings: &Surroundings) {
        let mut names = Names { tasks: surroundings.tasks.clone(), ..Names::default() };
        names.given.extend(self.arguments.iter().flat_map(|text| numbers(text)));
        outside(&self.steps, &mut names);
        for step in &mut self.steps {
            walk::step(step, &mut Tasks(&names.tasks));
            sort::by_process(&mut step.changes);
        }
        machine::forget(&mut self.steps);
        for step in &mut self.steps {
            walk::step(step, &mut names);
        }
        let mut rename = Rename { names, folders: &surroundings.folders };
        rename.text(&mut self.program);
        self.arguments.iter_mut().for_each(|argument| rename.text(argument));
        for step in &mut self.steps {
            let written = lengths::before(step);
            walk::step(step, &mut rename);
            lengths::after(step, &written);
        }
    }
}

/// Who has started the program is `P0`, in texts too.
fn outside(steps: &[Step], names: &mut Names) {
    for change in steps.iter().flat_map(|step| &step.changes) {
        if let Change::Process(Pid::Number(pid), process) = change
            && names.tasks.get(pid) == Some(&Task::FIRST)
            && let Pid::Number(parent) = process.parent
        {
            names.tasks.entry(parent).or_insert(Task { process: 0, thread: 1 });
        }
    }
}

/// The numbers in a text that could be ports.
fn numbers(text: &str) -> impl Iterator<Item = u16> {
    text.split(|char: char| !char.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

/// Processes only: their names decide the order in which all else is counted.
struct Tasks<'a>(&'a BTreeMap<i32, Task>);

impl Tasks<'_> {
    fn task(&self, number: i32) -> Option<Task> {
        // PID_MAX_LIMIT of the kernel: what is above is nobody's number.
        const MAX: i32 = 1 << 22;
        let outside = (2..=MAX).contains(&number).then_some(Task { process: 0, thread: 1 });
        self.0.get(&number).copied().or(outside)
    }
}

impl Visitor for Tasks<'_> {
    fn pid(&mut self, pid: &mut Pid) {
        let Pid::Number(number) = *pid else { return };
        let group = number.checked_neg().filter(|&leader| leader > 1);
        if let Some(task) = self.task(number) {
            *pid = Pid::Task(task);
        } else if let Some(leader) = group.and_then(|leader| self.task(leader)) {
            *pid = Pid::Group(leader);
        }
    }

    fn owner(&mut self, pid: &mut Pid) {
        // Two that are not known must not become one.
        if let Pid::Number(number) = pid
            && let Some(task) = self.0.get(number)
        {
            *pid = Pid::Task(*task);
        }
    }
}

struct Rename<'a> {
    names: Names,
    folders: &'a [(String, String)],
}

impl Visitor for Rename<'_> {
    fn address(&mut self, address: &mut Address, _asked: bool) {
        let (ip, port): (IpAddr, u16) = match address {
            Address::V4(address) => ((*address.ip()).into(), address.port()),
            Address::V6(address) => ((*address.ip()).into(), address.port()),
            _ => return,
        };
        if let Some(&port) = self.names.ports.get(&port) {
            *address = Address::Ephemeral { ip, port };
        }
    }

    fn inode(&mut self, inode: &mut u64) {
        if *inode != 0 {
            *inode = self.names.inode_name(*inode);
        }
    }

    fn text(&mut self, text: &mut String) {
        let renamed = text::rename(text.as_bytes(), false, &mut self.names, self.folders);
        // Only whole ASCII words are replaced by others: what was UTF-8 still is.
        if let Some(Ok(renamed)) = renamed.map(String::from_utf8) {
            *text = renamed;
        }
    }

    fn bytes(&mut self, bytes: &mut Bytes) {
        // Of a text that was cut off, so much is kept when a name in it may have moved the cut.
        const KEPT: usize = Bytes::SHOWN / 2;
        let mut cut = bytes.length > bytes.head.len() as u64;
        let trimmed = cut && text::trim(&mut bytes.head);
        binary::rename(&mut bytes.head, &self.names);
        let renamed = text::rename(&bytes.head, cut, &mut self.names, self.folders);
        let moved = trimmed || renamed.is_some();
        if let Some(renamed) = renamed {
            bytes.length += renamed.len() as u64;
            bytes.length -= bytes.head.len() as u64;
            bytes.head = renamed;
            cut |= bytes.head.len() > Bytes::SHOWN;
        }
        if cut && moved {
            bytes.head.truncate(KEPT);
            text::trim(&mut bytes.head);
        }
    }

    fn time(&mut self, time: &mut Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let Some(step) = nanos.checked_ilog10().and_then(|log| log.checked_sub(2)) else { return };
        let step = 5 * 10u64.pow(step);
        *time = nanos.checked_next_multiple_of(step).map_or(*time, Duration::from_nanos);
    }
}
