//! A demo on the stage (crates/stage): both are built and started by cargo, none is linked, so that
//! this program is built in seconds and the stage only by those who use it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cli::Outcome;

use crate::args::Stage;
use crate::demo::Demo;
use crate::progress::{self, Fact};
use crate::{build, doctor, names, run, sys, workspace};

/// Runs a demo, or its twin, on the stage. Stepping through a whole lesson counts as running it.
pub(crate) fn demo(demo: &Demo, stage: &Stage, args: &[OsString]) -> Outcome<ExitCode> {
    offer(demo)?;
    sys::outlive_the_keys()?;
    let (kind, name) = match &stage.example {
        Some(example) => ("example", example.as_str()),
        None => ("bin", demo.name.as_str()),
    };
    let program = build::program(&demo.name, kind, name)?;
    let mut command = command(stage)?;
    command.arg("--root").arg(workspace::root().join("crates").join(&demo.name));
    command.arg(program).arg("--").args(args);
    let status = command.status().map_err(|e| format!("the stage cannot be started: {e}"))?;
    if status.success() && args.is_empty() && stage.example.is_none() {
        progress::remember(&workspace::root(), Fact::Demo(&demo.name));
    }
    Ok(ExitCode::from(run::code(status)))
}

/// Shows a recording: a file, or one that the repository keeps.
pub(crate) fn replay(file: &OsStr, stage: &Stage) -> Outcome<ExitCode> {
    let kept = if Path::new(file).exists() { None } else { Some(kept_of(file)?) };
    let file = kept.as_ref().map_or(file, |file| file.as_os_str());
    sys::outlive_the_keys()?;
    let mut command = command(stage)?;
    let status = command.arg("replay").arg(file).status();
    Ok(ExitCode::from(run::code(status.map_err(|e| format!("the stage cannot be started: {e}"))?)))
}

/// The kept recording of what is not the name of a file.
fn kept_of(name: &OsStr) -> Outcome<PathBuf> {
    let text = name.to_string_lossy();
    if text.contains(['/', '.']) {
        return Err(format!("there is no file {text}").into());
    }
    // Not only demos have one: a capstone's has a name of its own.
    if let Some(kept) = kept(&text) {
        return Ok(kept);
    }
    let demos = workspace::demos()?;
    let name = &names::demo(&demos, &text)?.name;
    Ok(kept(name).ok_or_else(|| format!("no recording of {name} is kept"))?)
}

/// The recording of this name that the repository keeps, where it keeps one.
fn kept(name: &str) -> Option<PathBuf> {
    let file = workspace::root().join("crates/stage/recordings").join(format!("{name}.json"));
    file.exists().then_some(file)
}

/// Where nobody may trace, a demo can still be seen as it once was.
fn offer(demo: &Demo) -> Outcome {
    let Err(why) = doctor::can_trace() else { return Ok(()) };
    let instead = match kept(&demo.name) {
        Some(_) => format!("see what was recorded: cargo course replay {}", demo.name),
        None => "what to do: cargo course doctor".into(),
    };
    Err(format!("nothing can be traced here ({why}); {instead}").into())
}

fn command(stage: &Stage) -> Outcome<Command> {
    let mut command = Command::new(build::program("stage", "bin", "stage")?);
    command.args(&stage.options);
    Ok(command)
}
