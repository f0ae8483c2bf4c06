//! What the kernel holds, line by line, with what is new since a moment before.

use trace::{Pid, Process, Status, Task, signal_name};

use super::objects;
use super::words::clean;
use super::world::World;

/// What has happened to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It is as it was.
    Same,
    /// It was not there.
    New,
    /// It is different.
    Changed,
    /// It is there no more.
    Gone,
}

impl Mark {
    /// In a letter, because colour alone says nothing.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Same => ' ',
            Self::New => '+',
            Self::Changed => '*',
            Self::Gone => '-',
        }
    }
}

/// A line about a process, or about something that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Whose.
    pub(crate) process: Pid,
    /// What has happened to it.
    pub(crate) mark: Mark,
    /// It is about the process itself.
    pub(crate) heads: bool,
    /// The fact.
    pub(crate) text: String,
}

/// All facts of `after`, marked by what is different from `before`; a task's own process first,
/// the others in the order of their births.
pub(crate) fn facts(before: &World, after: &World, task: Option<Task>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let own = task.and_then(|task| after.process_of(task)).map(|(pid, _)| pid);
    let others = after.state.processes.keys().copied().filter(|pid| Some(*pid) != own);
    for pid in own.into_iter().chain(others) {
        let Some(new) = after.state.processes.get(&pid) else { continue };
        of_process(pid, before, after, new, &mut facts);
    }
    for (&pid, old) in &before.state.processes {
        if !after.state.processes.contains_key(&pid) {
            let parent = after.state.processes.contains_key(&old.parent);
            let by = if parent {
                format!(", waited for by {}", after.name(old.parent))
            } else {
                String::new()
            };
            let text = clean(&format!("{} {}: gone{by}", after.name(pid), old.name));
            facts.push(Fact { process: pid, mark: Mark::Gone, heads: true, text });
        }
    }
    facts
}

fn of_process(pid: Pid, before: &World, after: &World, new: &Process, facts: &mut Vec<Fact>) {
    let old = before.state.processes.get(&pid);
    // A process may call itself anything, and so may a file.
    let mut fact = |mark, heads, text: String| {
        facts.push(Fact { process: pid, mark, heads, text: clean(&text) });
    };
    let telling = |process: &Process| {
        // Who runs and who sleeps is what the lanes show, at every step anew.
        let busy = matches!(process.status, Status::Stopped | Status::Zombie);
        (busy.then_some(process.status), process.parent, process.name.clone())
    };
    let mark = match old {
        None => Mark::New,
        Some(old) if telling(old) != telling(new) => Mark::Changed,
        Some(_) => Mark::Same,
    };
    fact(mark, true, head(pid, after, new));
    for (what, now, then) in signals(pid, after, new, old) {
        if now != 0 || then != 0 {
            let mark = if old.is_some() && now != then { Mark::Changed } else { Mark::Same };
            fact(mark, false, format!("{what} {}", set(now)));
        }
    }
    let was = |fd| old.and_then(|old| old.descriptors.get(&fd));
    for (&fd, descriptor) in &new.descriptors {
        let mark = match was(fd) {
            // A child is born with what its parent has: that is no news.
            None if old.is_none() && after.knows(new.parent) => Mark::Same,
            None => Mark::New,
            Some(old) if old == descriptor => Mark::Same,
            Some(_) => Mark::Changed,
        };
        let standard = |descriptor| is_standard(after, fd, descriptor);
        if (mark != Mark::New || old.is_none())
            && standard(descriptor)
            && was(fd).is_none_or(standard)
        {
            continue;
        }
        fact(mark, false, format!("fd {fd:<2} {}", objects::describe(descriptor, after)));
    }
    for (&fd, descriptor) in old.into_iter().flat_map(|old| &old.descriptors) {
        if !new.descriptors.contains_key(&fd) && new.status != Status::Zombie {
            let what = objects::describe(descriptor, after);
            fact(Mark::Gone, false, format!("fd {fd:<2} closed: {what}"));
        }
    }
}

fn head(pid: Pid, world: &World, process: &Process) -> String {
    let name = world.name(pid);
    let number = match pid {
        Pid::Number(number) => format!(" ({number})"),
        _ => String::new(),
    };
    let status = match process.status {
        Status::Ready => "R ready",
        Status::Asleep => "S asleep",
        Status::Uninterruptible => "D asleep, deaf to signals",
        Status::Stopped => "T stopped",
        Status::Zombie => "Z zombie",
    };
    let parent = world.knows(process.parent).then(|| world.name(process.parent));
    let parent = parent.map(|parent| format!(", child of {parent}")).unwrap_or_default();
    format!("{name}{number} {}: {status}{parent}", process.name)
}

/// The masks that are not as they were when the program began: std ignores SIGPIPE and handles
/// SIGSEGV in every program.
fn signals(
    pid: Pid,
    world: &World,
    new: &Process,
    old: Option<&Process>,
) -> [(&'static str, u64, u64); 4] {
    /// Signals 32 and 33 are libc's own; posix_spawn leaves them ignored for a moment.
    const INTERNAL: u64 = 0b11 << 31;
    // libc holds all signals back while it makes a thread or a process. When the program has never
    // asked for that itself, it is nobody's lesson.
    let asked = world.has_own_mask(pid);
    let of = |process: &Process| {
        let held = if process.blocked.count_zeros() < 8 && !asked { 0 } else { process.blocked };
        let all = [held, process.pending, process.ignored, process.caught];
        let ended = process.status == Status::Zombie;
        [0, 1, 2, 3].map(|at| if ended { 0 } else { all[at] & !world.signals[at] & !INTERNAL })
    };
    let (now, then) = (of(new), old.map(of).unwrap_or_default());
    let names = ["blocks", "pending:", "ignores", "handles"];
    [0, 1, 2, 3].map(|at| (names[at], now[at], then[at]))
}

/// Signals by name: bit 0 is signal 1.
pub(super) fn set(mask: u64) -> String {
    if mask == 0 {
        return "none".into();
    }
    if mask.count_zeros() < 8 {
        return format!("all signals but {}", set(!mask));
    }
    let numbers = (1..=64).filter(|number| mask >> (number - 1) & 1 == 1);
    numbers.map(signal_name).collect::<Vec<_>>().join(" ")
}

/// Descriptors 0, 1 and 2 are news only when they stand for something else than in the beginning.
fn is_standard(world: &World, fd: i32, descriptor: &trace::Descriptor) -> bool {
    world.standard.get(&fd).is_some_and(|object| objects::same_thing(object, &descriptor.object))
}
