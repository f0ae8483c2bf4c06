//! Programs of the course's own workspace, built by cargo, which is silent about it.

use std::path::PathBuf;
use std::process::Stdio;

use cli::Outcome;
use serde_json::Value;

use crate::patience::patiently;
use crate::workspace;

/// The program of this name, which is of this kind (`bin`, `example`). Where cargo has put it,
/// cargo says itself: that depends on variables and on files of configuration.
pub(crate) fn program(package: &str, kind: &str, name: &str) -> Outcome<PathBuf> {
    let mut cargo = workspace::cargo("build");
    cargo.args(["--quiet", "--package", package, &format!("--{kind}"), name]);
    cargo.args(["--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit());
    let built = patiently(&format!("building {name}"), || cargo.output());
    let built = built.map_err(|e| format!("cargo cannot be started: {e}"))?;
    if !built.status.success() {
        return Err(format!("cargo cannot build the {kind} {name} of {package}").into());
    }
    let messages = String::from_utf8_lossy(&built.stdout);
    let program = messages.lines().find_map(|line| executable(line, kind, name));
    program.ok_or_else(|| format!("cargo does not say where {name} is").into())
}

/// The program that a message of cargo's is about, when it is the one that is wanted.
fn executable(message: &str, kind: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let is_kind = target["kind"].as_array()?.iter().any(|is| is == kind);
    (is_kind && target["name"] == name)
        .then(|| message["executable"].as_str().map(PathBuf::from))?
}
