//! The machine: which one it is, one processor of it, and enough descriptors.

use std::{fmt, fs};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::Pid;
use syscall::{Context as _, Result};

/// Keeps this process on one processor and gives its number. The last one that it may use: the
/// first gets the interrupts of devices on many machines.
///
/// # Errors
/// EINVAL: more processors than the set has room for (1,024).
pub fn pin() -> Result<usize> {
    let (last, _) = last_two()?;
    pin_to(this(), last)?;
    Ok(last)
}

/// The last processor that this process may use, and the last but one for somebody else; the same
/// twice where there is only one.
///
/// # Errors
/// As [`pin`].
pub fn last_two() -> Result<(usize, usize)> {
    let allowed = sched_getaffinity(this()).call("sched_getaffinity")?;
    let mut cpus = (0..CpuSet::count()).rev().filter(|&cpu| allowed.is_set(cpu) == Ok(true));
    let last = cpus.next().unwrap_or_default();
    Ok((last, cpus.next().unwrap_or(last)))
}

/// Keeps a process of one thread on one processor.
///
/// # Errors
/// EINVAL: this process may not use it. ESRCH: there is no such process.
pub fn pin_to(process: Pid, cpu: usize) -> Result<()> {
    keep_to(process, &[cpu])
}

/// The same for some processors.
///
/// # Errors
/// As [`pin_to`].
pub fn keep_to(process: Pid, cpus: &[usize]) -> Result<()> {
    let mut only = CpuSet::new();
    cpus.iter().try_for_each(|&cpu| only.set(cpu)).call("CPU_SET")?;
    sched_setaffinity(process, &only).call("sched_setaffinity")
}

fn this() -> Pid {
    Pid::from_raw(0)
}

/// Raises the soft limit of open descriptors to `wanted`, as far as the hard limit allows, and
/// gives what it is now.
///
/// # Errors
/// None that a program can cause.
pub fn descriptors(wanted: u64) -> Result<u64> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).call("getrlimit")?;
    let limit = soft.max(wanted.min(hard));
    if limit > soft {
        setrlimit(Resource::RLIMIT_NOFILE, limit, hard).call("setrlimit")?;
    }
    Ok(limit)
}

/// What figures mean nothing without.
#[derive(Clone, Debug)]
pub struct Machine {
    kernel: String,
    model: String,
    cores: usize,
    is_virtual: bool,
    governor: Option<String>,
}

impl Machine {
    /// Asks /proc and /sys. Call it before [`pin`], which leaves one core to be seen.
    pub fn look() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            cpuinfo.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                (key.trim() == name).then(|| value.trim().to_owned())
            })
        };
        let file = |path: &str| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
        Self {
            kernel: file("/proc/sys/kernel/osrelease").unwrap_or_else(|| "unknown".into()),
            // Only x86 names its model here.
            model: field("model name").unwrap_or_else(|| "unnamed CPU".into()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            is_virtual: field("flags").is_some_and(|f| f.split(' ').any(|f| f == "hypervisor")),
            governor: file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kernel, model, cores, .. } = self;
        let arch = std::env::consts::ARCH;
        write!(f, "Linux {kernel} {arch}, {model}, {cores} core{}", plural(*cores))?;
        if self.is_virtual {
            f.write_str(", virtual")?;
        }
        self.governor.as_ref().map_or(Ok(()), |governor| write!(f, ", governor {governor}"))
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
