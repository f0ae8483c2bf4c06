//! The workspace, as cargo sees it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cli::Outcome;
use serde_json::Value;

use crate::demo::{self, Demo};

/// The folder of the workspace: two above this crate. NINE_DAYS_ROOT, when it is set, names
/// another one; it is for the tests of this crate, which make small workspaces of their own.
pub(crate) fn root() -> PathBuf {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(PathBuf::from);
    std::env::var_os("NINE_DAYS_ROOT").map(PathBuf::from).or_else(here).unwrap_or_default()
}

/// A command of cargo on this workspace: the cargo that started us, or the one in PATH. The
/// current directory stays what it is, so that paths among a demo's arguments mean what they say.
pub(crate) fn cargo(command: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = Command::new(program);
    cargo.arg(command).arg("--manifest-path").arg(root().join("Cargo.toml"));
    cargo
}

/// What cargo knows of the workspace's own packages; nothing is downloaded or resolved for it.
/// When cargo cannot tell, it has said why, better than one sentence could, on standard error.
pub(crate) fn metadata() -> Outcome<Value> {
    let mut cargo = cargo("metadata");
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
