//! The workspaces, as cargo sees them: the course's own, its exercises, and the learner's.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cli::Outcome;
use serde_json::Value;

use crate::demo::{self, Demo};
use crate::exercise::{self, Exercise};
use crate::style;

/// The folder of the workspace: two above this crate. NINE_DAYS_ROOT, when it is set, names
/// another one; it is for the tests of this crate, which make small workspaces of their own.
pub(crate) fn root() -> PathBuf {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(PathBuf::from);
    std::env::var_os("NINE_DAYS_ROOT").map(PathBuf::from).or_else(here).unwrap_or_default()
}

/// A command of cargo on the course's workspace.
pub(crate) fn cargo(command: &str) -> Command {
    cargo_in(&root(), command)
}

/// A command of cargo on the workspace in this folder: the cargo that started us, or the one in
/// PATH. The current directory stays what it is, so that paths among a demo's arguments mean what
/// they say.
pub(crate) fn cargo_in(folder: &Path, command: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = Command::new(program);
    cargo.arg(command).arg("--manifest-path").arg(folder.join("Cargo.toml"));
    if !style::is_wanted() {
        // By itself it colours a dumb terminal too, where CI is set.
        cargo.env("CARGO_TERM_COLOR", "never");
    }
    cargo
}

/// What cargo knows of the course's own packages; nothing is downloaded or resolved for it.
/// When cargo cannot tell, it has said why, better than one sentence could, on standard error.
pub(crate) fn metadata() -> Outcome<Value> {
    metadata_in(&root())
}

fn metadata_in(folder: &Path) -> Outcome<Value> {
    if folder.to_str().is_none() {
        let folder = folder.display();
        let why = "whose name is not UTF-8, and cargo takes no such name: move it";
        return Err(format!("the course lies in {folder}, {why}").into());
    }
    let mut cargo = cargo_in(folder, "metadata");
    // Its configuration, which says where things are built, is found from here.
    cargo.current_dir(folder);
    cargo.args(["--no-deps", "--format-version", "1"]).stderr(Stdio::inherit());
    let output = cargo.output().map_err(|e| format!("cargo cannot be started: {e}"))?;
    if !output.status.success() {
        return Err("cargo cannot read the workspace".into());
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}").into())
}

/// The demos, in course order.
pub(crate) fn demos() -> Outcome<Vec<Demo>> {
    Ok(demo::all(&metadata()?)?)
}

/// The first folder among the exercises that is none: git leaves such folders behind. To cargo all
/// of `day*/*` are packages, but for names that are not UTF-8, which it does not see.
fn without_manifest(exercises: &Path) -> Option<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    let name = |path: &PathBuf| path.file_name().and_then(|name| name.to_str().map(String::from));
    let mut days = inside(exercises);
    days.retain(|day| name(day).is_some_and(|name| name.starts_with("day")));
    let strays = days.iter().flat_map(|day| inside(day));
    let stray = strays.filter(|path| name(path).is_some() && !path.join("Cargo.toml").exists());
    stray.min().and_then(|path| path.strip_prefix(exercises).ok().map(PathBuf::from))
}

/// The exercises, in course order. They are a workspace of their own.
pub(crate) fn exercises() -> Outcome<Vec<Exercise>> {
    exercises_and_target().map(|(exercises, _)| exercises)
}

/// The same, and where cargo puts what it builds of them, here and in `work/`.
pub(crate) fn exercises_and_target() -> Outcome<(Vec<Exercise>, PathBuf)> {
    let folder = root().join("exercises");
    if !folder.join("Cargo.toml").exists() {
        return Ok((Vec::new(), root().join("target")));
    }
    if let Some(stray) = without_manifest(&folder) {
        let why = "so it is no exercise, and cargo cannot read the others: move it away";
        return Err(format!("exercises/{} has no Cargo.toml, {why}", stray.display()).into());
    }
    let metadata = metadata_in(&folder)?;
    let target = metadata["target_directory"].as_str().map(PathBuf::from);
    Ok((exercise::all(&metadata)?, target.ok_or("cargo metadata names no target folder")?))
}
