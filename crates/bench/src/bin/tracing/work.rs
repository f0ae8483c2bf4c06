//! What the traced program does: small calls, as many as it is told, and how long one operation took.

use std::fmt;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::os::unix::fs::FileExt as _;
use std::time::Instant;

use cli::Outcome;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// pread(2) of one byte.
    Read,
    /// A byte to another thread and back: two writes, and two reads that sleep.
    RoundTrip,
    /// gettid(2), which no lesson is about: it is looked at and not told.
    Untold,
}

impl Work {
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::RoundTrip, Self::Untold];

    /// As an argument.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::RoundTrip => "round-trip",
            Self::Untold => "untold",
        }
    }

    /// System calls in one operation.
    pub(crate) fn calls(self) -> u32 {
        if self.sleeps() { 4 } else { 1 }
    }

    /// Whether half of its calls sleep.
    pub(crate) fn sleeps(self) -> bool {
        self == Self::RoundTrip
    }

    /// In the program that is measured: prints the nanoseconds that one operation took. The clock
    /// is the vDSO's, which no tracer sees.
    pub(crate) fn run(self, times: u32) -> Outcome {
        let took = match self {
            Self::Read => reads(times),
            Self::RoundTrip => round_trips(times),
            Self::Untold => Ok(untold(times)),
        }?;
        Ok(writeln!(io::stdout(), "{}", took * 1e9 / f64::from(times.max(1)))?)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Read => "pread of one byte",
            Self::RoundTrip => "pipe, to a thread and back",
            Self::Untold => "gettid, not told",
        })
    }
}

fn reads(times: u32) -> io::Result<f64> {
    let file = File::open(std::env::current_exe()?)?;
    let start = Instant::now();
    for _ in 0..times {
        file.read_exact_at(&mut [0], 0)?;
    }
    Ok(start.elapsed().as_secs_f64())
}

fn round_trips(times: u32) -> io::Result<f64> {
    let (mut here, to_here) = pipe()?;
    let (there, mut to_there) = pipe()?;
    let other = std::thread::spawn(move || echo(there, to_here));
    let start = Instant::now();
    for _ in 0..times {
        to_there.write_all(&[7])?;
        here.read_exact(&mut [0])?;
    }
    let took = start.elapsed().as_secs_f64();
    drop(to_there);
    other.join().map_err(|_| io::Error::other("the other thread has panicked"))?;
    Ok(took)
}

/// Until the other side is closed.
fn echo(mut from: PipeReader, mut to: PipeWriter) {
    let mut byte = [0];
    while from.read_exact(&mut byte).is_ok() && to.write_all(&byte).is_ok() {}
}

fn untold(times: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        std::hint::black_box(nix::unistd::gettid());
    }
    start.elapsed().as_secs_f64()
}
