//! One case, as the harness runs it: start, watch, judge, clear.

use std::fs;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signalfd::SignalFd;

use super::judge::{self, Seen};
use super::output::Output;
use super::page::{Page, State};
use super::runner::{Runner, Surroundings};
use super::{Case, clear, folder};

/// Between two looks at what nothing announces: the page, the folder, a tracer.
const TICK: Duration = Duration::from_millis(10);
/// A case that has said how it went ends at once; under faults, others of it may live on.
const ENDING: Duration = Duration::from_millis(500);

/// More processes than any exercise starts: those that are there at once, or the orphans so far. The
/// process ids are everybody's.
pub(super) const PROCESSES: u32 = 1500;

/// What all cases share.
pub(super) struct Stage<'a> {
    pub(super) root: &'a Path,
    pub(super) folder: &'a Path,
    pub(super) page: &'static Page,
    /// Where others find the page.
    pub(super) page_path: &'a str,
    /// SIGINT, SIGTERM and their like, for the harness.
    pub(super) signals: &'a SignalFd,
}

/// How a case went.
pub(super) struct Finished {
    pub(super) verdict: Verdict,
    /// What it said on descriptors 1 and 2.
    pub(super) output: String,
}

pub(super) enum Verdict {
    Passed,
    /// Not run, and why.
    Skipped(String),
    /// What the learner reads.
    Failed(String),
}

/// Why the watching ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Ended,
    Left,
    TimeOver,
    /// It has used more processor time than it may.
    Busy,
    Full,
    /// It starts processes without end.
    Forks,
}

/// `None` when the harness was told to end.
pub(super) fn run(case: &Case, stage: &Stage<'_>, index: usize) -> io::Result<Option<Finished>> {
    let own = stage.folder.join(index.to_string());
    fs::create_dir(&own)?;
    stage.page.clear(case.name);
    let (reader, writer) = io::pipe()?;
    let around =
        Surroundings { root: stage.root, folder: &own, page: stage.page_path, output: writer };
    let mut runner = Runner::start(case, around)?;
    let mut output = Output::of(reader)?;
    let why = watch(case, stage, &mut runner, &mut output, &own)?;
    let seen = why.map(|why| Seen::now(why, case, stage, runner, &own));
    clear::everybody();
    // What was written before they were killed is still in the pipe.
    output.read();
    let verdict = seen.map(|seen| judge::verdict(case, stage.page, &seen));
    folder::remove(&own);
    Ok(verdict.map(|verdict| Finished { verdict, output: output.text() }))
}

/// Until it ends, or there is nothing more to wait for. `None`: the harness was told to end.
fn watch(
    case: &Case,
    stage: &Stage<'_>,
    runner: &mut Runner,
    output: &mut Output,
    own: &Path,
) -> io::Result<Option<Why>> {
    let started = Instant::now();
    // Under faults the tracer has its own limit, and tells where everybody was.
    let grace = if case.faults.is_some() { Duration::from_secs(5) } else { Duration::ZERO };
    let (mut said, mut looked, mut orphans) = (None, started, 0);
    loop {
        {
            let mut fds = vec![PollFd::new(stage.signals.as_fd(), PollFlags::POLLIN)];
            fds.extend(runner.end().map(|end| PollFd::new(end, PollFlags::POLLIN)));
            if output.open {
                fds.push(PollFd::new(output.pipe.as_fd(), PollFlags::POLLIN));
            }
            let tick = PollTimeout::try_from(TICK).unwrap_or(PollTimeout::ZERO);
            match poll(&mut fds, tick) {
                Err(nix::errno::Errno::EINTR) => {}
                ready => drop(ready?),
            }
        }
        output.read();
        orphans += runner.reap_orphans();
        if orphans > PROCESSES {
            return Ok(Some(Why::Forks));
        }
        if stage.signals.read_signal()?.is_some() {
            return Ok(None);
        }
        if runner.has_ended() {
            return Ok(Some(Why::Ended));
        }
        match stage.page.state() {
            State::Left => return Ok(Some(Why::Left)),
            State::Passed | State::Failed => {
                if said.get_or_insert_with(Instant::now).elapsed() > ENDING {
                    return Ok(Some(Why::Ended));
                }
            }
            State::Born | State::Running => {}
        }
        if started.elapsed() > case.limit + grace {
            return Ok(Some(Why::TimeOver));
        }
        if looked.elapsed() > TICK * 20 {
            looked = Instant::now();
            if folder::is_too_full(own) {
                return Ok(Some(Why::Full));
            }
            if clear::descendants(std::process::id()).len() > PROCESSES as usize {
                return Ok(Some(Why::Forks));
            }
            // Under faults the tracer's work counts as well.
            if case.faults.is_none() && case.cpu.is_some_and(|most| used(stage.page) > most) {
                return Ok(Some(Why::Busy));
            }
        }
    }
}

/// What the case and all below it have used of a processor, but for those who are gone.
fn used(page: &Page) -> Duration {
    let below = clear::descendants(pid(page)).into_values();
    let case = crate::proc::stat(pid(page));
    case.into_iter().chain(below).map(|stat| stat.cpu).sum()
}

/// The process of the case, 0 before it has begun.
pub(super) fn pid(page: &Page) -> u32 {
    page.pid.load(Ordering::Relaxed)
}
