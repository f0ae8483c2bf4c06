//! Three tasks, each bound by something else. Each gives a number that says what it has done.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::Duration;
use std::{fs, thread};

use nix::unistd::gettid;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// The processor: division after division.
    Cpu,
    /// Files: write, and read what was written.
    Io,
    /// A peer that takes its time.
    Wait,
}

impl Task {
    pub(crate) const ALL: [Self; 3] = [Self::Cpu, Self::Io, Self::Wait];

    pub(crate) fn run(self, size: u32) -> io::Result<u64> {
        match self {
            Self::Cpu => Ok(primes(u64::from(size))),
            Self::Io => file(size),
            Self::Wait => Ok(wait(size)),
        }
    }

    /// What the number counts.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Cpu => "primes found",
            Self::Io => "bytes written and read",
            Self::Wait => "ms waited for",
        }
    }
}

/// Optimised code gets more to do, so that starting a thread or a process stays small beside it.
const NUMBERS: u64 = if cfg!(debug_assertions) { 10_000 } else { 100_000 };

/// Counts the primes among so many numbers from a million on, by trial division.
fn primes(size: u64) -> u64 {
    // Without black_box the compiler may see that all tasks have the same numbers and the same
    // result, and compute it once, or never. So it may not know where the numbers come from.
    let from = black_box(1_000_000);
    let prime = |&n: &u64| (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
    black_box((from..from + NUMBERS * size).filter(prime).count() as u64)
}

/// 8 MiB into a file and out again, 64 KiB at a time.
fn file(size: u32) -> io::Result<u64> {
    // The number of the task is one of its kind, among processes and among threads.
    let path = std::env::temp_dir().join(format!("day08-bench-{}", gettid()));
    let options = File::options().read(true).write(true).create_new(true).mode(0o600).clone();
    let mut file = options.open(&path)?;
    // Without a name it vanishes with its descriptor, whatever happens to us.
    fs::remove_file(&path)?;

    // write ends when the bytes are in the page cache, and read finds them there. No disk is
    // waited for; that would be fsync, and its time would be the disk's. So this is mostly copying
    // by a processor, inside the kernel: not what "IO-bound" promises.
    let mut block = vec![7; 64 * 1024];
    for _ in 0..128 * size {
        file.write_all(&block)?;
    }
    file.rewind()?;
    let mut read = 0;
    loop {
        match file.read(&mut block)? {
            0 => return Ok(read),
            n => read += n as u64,
        }
    }
}

/// Stands for a peer that answers after 20 ms: the task sleeps and needs no processor.
fn wait(size: u32) -> u64 {
    let time = Duration::from_millis(20) * size;
    thread::sleep(time);
    time.as_millis().try_into().unwrap_or(u64::MAX)
}
