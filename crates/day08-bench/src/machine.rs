//! On what it was measured: how many processors, and who else wanted them.

use std::fs;
use std::time::Duration;

use cli::Outcome;
use nix::sched::{CpuSet, sched_getaffinity};
use nix::unistd::{Pid, SysconfVar, sysconf};

use crate::measure::processor_time;

/// The processors on which the scheduler may put us: taskset(1) and containers leave out some.
pub(crate) fn processors() -> Outcome<usize> {
    // 0 means the one who asks.
    let set = sched_getaffinity(Pid::from_raw(0))?;
    Ok((0..CpuSet::count()).filter(|&n| set.is_set(n).unwrap_or(false)).count())
}

/// Sums of processor time since the machine has started.
pub(crate) struct Watch {
    busy: Duration,
    stolen: Duration,
    ours: Duration,
}

/// What happened between two looks, in processor time.
pub(crate) struct Noise {
    /// Used by other programs.
    pub(crate) others: Duration,
    /// The machine is a virtual one, and the host gave its processors to somebody else.
    pub(crate) stolen: Duration,
}

impl Watch {
    /// The first line of /proc/stat (proc_stat(5)): user, nice, system, idle, iowait, irq,
    /// softirq, steal, and then guests, which are counted in user already.
    pub(crate) fn start() -> Outcome<Self> {
        let stat = fs::read_to_string("/proc/stat")?;
        let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).unwrap_or("");
        let ticks: Vec<u64> = line.split_whitespace().flat_map(str::parse).collect();
        let &[user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = &ticks[..] else {
            return Err("/proc/stat does not begin with the sum of all processors".into());
        };
        let second = sysconf(SysconfVar::CLK_TCK)?.and_then(|n| u64::try_from(n).ok());
        let tick = 1000 / second.unwrap_or(100).clamp(1, 1000);
        let time = |ticks: u64| Duration::from_millis(ticks * tick);
        let busy = time(user + nice + system + irq + softirq);
        Ok(Self { busy, stolen: time(steal), ours: processor_time()? })
    }

    pub(crate) fn stop(self) -> Outcome<Noise> {
        let now = Self::start()?;
        let busy = now.busy.saturating_sub(self.busy);
        let others = busy.saturating_sub(now.ours.saturating_sub(self.ours));
        Ok(Noise { others, stolen: now.stolen.saturating_sub(self.stolen) })
    }
}
