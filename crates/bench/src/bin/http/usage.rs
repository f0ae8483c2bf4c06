//! What a server uses: the processor's time and the memory of all processes in its group.

use std::fs;
use std::time::Duration;

use cli::Outcome;
use nix::sys::time::TimeValLike as _;
use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use process::procfs::{Stat, pids};

/// Those that are there now. A child that comes later is counted when it has ended.
#[derive(Clone, Debug)]
pub(crate) struct Group(Vec<Pid>);

impl Group {
    pub(crate) fn of(leader: Pid) -> Outcome<Self> {
        let all = pids()?.into_iter();
        Ok(Self(all.filter(|&pid| Stat::of(pid).is_ok_and(|stat| stat.group == leader)).collect()))
    }

    /// User and system time, in seconds: that of all threads, to the nanosecond
    /// (clock_getcpuclockid(3)), and that of children that were waited for, in ticks.
    pub(crate) fn cpu(&self) -> f64 {
        let own = self.0.iter().filter_map(|&pid| clock_getcpuclockid(pid).ok());
        let own: f64 = own.map(seconds).sum();
        let stats = self.0.iter().filter_map(|&pid| Stat::of(pid).ok());
        let ticks: u64 = stats.map(|stat| stat.children_ticks).sum();
        // Below 2^32 ticks.
        own + f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / ticks_per_second()
    }

    /// Open descriptors.
    pub(crate) fn descriptors(&self) -> usize {
        self.entries("fd")
    }

    pub(crate) fn threads(&self) -> usize {
        self.entries("task")
    }

    fn entries(&self, folder: &str) -> usize {
        let count = |pid| fs::read_dir(format!("/proc/{pid}/{folder}")).map_or(0, Iterator::count);
        self.0.iter().map(count).sum()
    }

    /// Bytes in memory (VmRSS of proc(5)).
    pub(crate) fn resident(&self) -> u64 {
        let text = |pid| fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        self.0.iter().map(|pid| kib(&text(pid), "VmRSS:") * 1024).sum()
    }

    /// Bytes, a page that is shared by some counted in shares (PSS of proc(5)).
    pub(crate) fn memory(&self) -> u64 {
        let text =
            |pid| fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        self.0.iter().map(|pid| kib(&text(pid), "Pss:") * 1024).sum()
    }
}

fn ticks_per_second() -> f64 {
    let ticks = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok().flatten();
    ticks.and_then(|ticks| u32::try_from(ticks).ok()).map_or(100.0, f64::from)
}

/// The processor's time of this process.
pub(crate) fn own_cpu() -> f64 {
    seconds(ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

/// A clock of a process that has gone stands at 0.
fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock).map_or(0, |time| time.num_nanoseconds());
    Duration::from_nanos(time.unsigned_abs()).as_secs_f64()
}

/// The number in a line such as `Pss:   123 kB`.
pub(crate) fn kib(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}
