//! A program lies on the disk. A process is one run of it, with resources of its own.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;

use cli::Outcome;
use nix::sys::signal::Signal;
use nix::unistd::{Pid, getpid, getppid};

use crate::being::Being;
use crate::stat::Stat;
use crate::status;

pub(crate) fn run() -> Outcome {
    let (us, parent) = (getpid(), getppid());
    let top = topmost(us)?;
    // Four steps: a program asks (fork, exec), the kernel allocates a PID and memory, notes the
    // process as new, and puts it among the ready ones.
    let (first, second) = (Being::start("plain", "first")?, Being::start("plain", "second")?);
    Stat::until(first.pid(), 'S')?;

    // The process control block is a structure in the kernel (task_struct). /proc shows what is in
    // it, and ps reads nothing else. (It is `ps aux`: in `ps -aux` the minus sign is a mistake
    // that ps forgives.)
    let mut notes = Vec::new();
    for name in ["Name", "State", "Pid", "PPid", "Uid", "Threads"] {
        notes.push((name, status::line(first.pid(), name)?));
    }
    let same = file(first.pid())? == file(second.pid())?;
    let shared = [writable_and_shared(first.pid())?, writable_and_shared(second.pid())?];
    let began = Stat::of(first.pid())?.zip(Stat::of(second.pid())?);
    let ordered = began.is_some_and(|(first, second)| first.start <= second.start);
    // Independent of each other: the end of one is nothing to the other.
    first.send(Signal::SIGKILL)?;
    let states = [Stat::until(first.pid(), 'Z')?.state, Stat::until(second.pid(), 'S')?.state];
    let limit = fs::read_to_string("/proc/sys/kernel/pid_max")?;
    let limit = limit.trim();

    let mut out = io::stdout();
    let pids = [first.pid(), second.pid()];
    writeln!(out, "this is process {us}, its parent is {parent}")?;
    writeln!(
        out,
        "  parent by parent upwards it ends at PID {}, whose parent is {}",
        top.0, top.1
    )?;
    writeln!(out, "one program, two processes: {} and {}", pids[0], pids[1])?;
    writeln!(out, "  the same file on the disk: {same}, started in this order: {ordered}")?;
    writeln!(
        out,
        "  writable memory that others see too: {} and {} mappings",
        shared[0], shared[1]
    )?;
    writeln!(out, "  the first is killed, their states are {} and {}", states[0], states[1])?;
    for (name, value) in notes {
        writeln!(out, "  /proc/{}/status  {name:<8} {value}", pids[0])?;
    }
    // Unique among the processes that exist. Later a number is given to somebody else: a signal to
    // an old one may hit a stranger, unless it is a child that nobody has waited for.
    writeln!(out, "PIDs begin again below {limit}")?;
    Ok(())
}

/// Every process has one parent. The first one of the system, or of a container, has none: 0.
fn topmost(mut pid: Pid) -> Outcome<(Pid, Pid)> {
    let mut above = getppid();
    while above.as_raw() != 0 {
        // Some systems hide what belongs to others.
        let Some(stat) = Stat::of(above)? else { break };
        (pid, above) = (stat.pid, stat.parent);
    }
    Ok((pid, above))
}

/// Which file it runs: the link leads to the file itself, whatever it is called.
fn file(pid: Pid) -> Outcome<(u64, u64)> {
    let about = fs::metadata(format!("/proc/{pid}/exe"))?;
    Ok((about.dev(), about.ino()))
}

/// Its memory is a list of mappings. `rw-p` is private: whoever writes, writes for itself.
fn writable_and_shared(pid: Pid) -> Outcome<usize> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let flags = maps.lines().filter_map(|line| line.split_whitespace().nth(1));
    Ok(flags.filter(|flags| flags.contains('w') && flags.contains('s')).count())
}
