//! Recordings that are kept in the repository, one of each demo and capstone:
//! `crates/stage/recordings`.
//!
//! They are shown where nobody may trace, and compared with what the demos do today: a demo that
//! does something else than it did is seen as a difference of steps. Each demo is recorded by a
//! process of its own, by this program, as `--record` does it.
//!
//! A demo that has changed is different each time. So one that is different gets two chances more:
//! what a machine does once in a while is no change of the demo; that it needed them is said. A demo
//! whose steps vary because that is its lesson says so in its Cargo.toml ([`demos`]): it has to end,
//! and is not compared.

mod demos;

use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;

use cli::Outcome;
use trace::{Recording, difference};

use crate::program::workspace;
use demos::Demo;

/// What is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Compared with what the demos do today.
    Check,
    /// Written anew where that is something else.
    Renew,
}

/// Of these demos, or of all.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) task: Task,
    pub(crate) demos: Vec<String>,
}

/// Where they are, in the workspace.
const FOLDER: &str = "crates/stage/recordings";
/// A demo that has not ended after so many seconds will not be shown to anybody.
const LIMIT: &str = "120";
/// So often a demo may try to be as it was.
const CHANCES: usize = 3;

/// What has come of a demo.
enum Result {
    /// The recording is as it was, at this chance; counted from 1.
    Same(usize),
    Renewed,
    /// It cannot be compared here, and why.
    Skipped(String),
    /// It varies, and why.
    Varies(String),
    Different(String),
}

/// Does what was asked for, and says for each demo what has come of it.
///
/// # Errors
/// One sentence: cargo cannot build them, or standard output fails.
pub(crate) fn run(kept: &Kept) -> Outcome<ExitCode> {
    let demos = demos::of(&kept.demos)?;
    if kept.task == Task::Renew {
        demos::build(&demos)?;
    }
    let folder = std::env::temp_dir().join(format!("stage-recordings-{}", std::process::id()));
    fs::create_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let outcome = each(kept.task, &demos, &folder);
    fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    outcome
}

/// One after the other on each processor.
fn each(task: Task, demos: &[Demo], folder: &Path) -> Outcome<ExitCode> {
    let next = Mutex::new(demos.iter());
    let take = || next.lock().ok().and_then(|mut demos| demos.next());
    let work = || {
        let mut fine = true;
        while let Some(demo) = take() {
            let result = one(task, demo, folder);
            fine &= !matches!(result, Result::Different(_));
            tell(&demo.name, &result)?;
        }
        Ok::<_, std::io::Error>(fine)
    };
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let all_fine = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        let done = workers.into_iter().map(|worker| worker.join().unwrap_or(Ok(false)));
        done.collect::<std::io::Result<Vec<bool>>>()
    });
    let fine = all_fine?.into_iter().all(|fine| fine);
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(demo: &str, result: &Result) -> std::io::Result<()> {
    let text = match result {
        Result::Same(1) => format!("{demo}: as it was\n"),
        Result::Same(chance) => format!("{demo}: as it was, at chance {chance} of {CHANCES}\n"),
        Result::Renewed => format!("{demo}: renewed\n"),
        Result::Varies(why) => format!("{demo}: it ends; its steps vary: {why}\n"),
        Result::Skipped(why) => format!("{demo}: SKIPPED, {why}\n"),
        Result::Different(how) => format!("{demo}: {how}\n"),
    };
    // In one write, so that those of several demos do not mix.
    std::io::stdout().write_all(text.as_bytes())
}

fn one(task: Task, demo: &Demo, folder: &Path) -> Result {
    let name = &demo.name;
    if task == Task::Check
        && let Some(why) = demo.unfit()
    {
        return Result::Skipped(format!("{why} (cargo build {})", demo.target()));
    }
    let fresh = folder.join(format!("{name}.json"));
    let mut first = None;
    for chance in 1..=CHANCES {
        let now = match record(demo, &fresh) {
            Ok(()) => load(&fresh),
            Err(why) => return Result::Different(why),
        };
        let before = load(&file(name));
        let same_source = matches!((&before, &now), (Ok(b), Ok(n)) if b.sources == n.sources);
        match compare(before, now) {
            Ok(()) if task == Task::Check || same_source => return Result::Same(chance),
            Err(_) if task == Task::Renew && same_source && demo.varies.is_some() => {
                return Result::Same(chance);
            }
            _ if task == Task::Renew => return renew(name, &fresh),
            Ok(()) => return Result::Same(chance),
            Err(how) => match &demo.varies {
                Some(why) => return Result::Varies(why.clone()),
                None => drop(first.get_or_insert(how)),
            },
        }
    }
    let how = first.unwrap_or_default();
    Result::Different(format!("not as in {FOLDER}/{name}.json\n{how}{}", renewal(name)))
}

/// What is different, in words.
fn compare(
    before: std::result::Result<Recording, String>,
    now: std::result::Result<Recording, String>,
) -> std::result::Result<(), String> {
    difference(&before?, &now?).map_or(Ok(()), |difference| Err(difference.to_string()))
}

fn renew(demo: &str, fresh: &Path) -> Result {
    let kept = file(demo);
    match fs::copy(fresh, &kept) {
        Ok(_) => Result::Renewed,
        Err(e) => Result::Different(format!("{}: {e}", kept.display())),
    }
}

fn renewal(demo: &str) -> String {
    format!("if that is what it is to do: cargo run -p stage -- record-all {demo}")
}

/// By a process of its own, as a user would do it.
fn record(demo: &Demo, to: &Path) -> std::result::Result<(), String> {
    let stage = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut stage = Command::new(stage);
    stage.args(["--limit", LIMIT, "--record"]).arg(to).args(demo.words()).stdin(Stdio::null());
    // Where the loader looks for libraries is told as steps, and cargo adds folders of its own.
    stage.env_remove("LD_LIBRARY_PATH");
    let done = stage.output().map_err(|e| e.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(format!("it ends with {} {}", done.status, said.trim()))
}

fn load(file: &Path) -> std::result::Result<Recording, String> {
    let from = File::open(file).map_err(|e| format!("{e}\n"))?;
    Recording::read(BufReader::new(from)).map_err(|e| format!("{e}\n"))
}

/// Where the recording of a demo is kept.
fn file(demo: &str) -> PathBuf {
    workspace().join(FOLDER).join(format!("{demo}.json"))
}
