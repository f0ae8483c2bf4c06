//! What is recorded: the demos, which are the packages of the workspace that belong to a day, and of
//! a capstone, which is no demo, the example that it names. An example with roles has a recording of
//! each of them.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use cli::Outcome;
use serde_json::Value;

use crate::program::workspace;

/// A demo, or the example of a capstone.
#[derive(Debug)]
pub(super) struct Demo {
    /// The package; of a capstone, the example, with its role behind a `-`.
    pub(super) name: String,
    capstone: Option<Example>,
    /// Why its steps are not the same each time, where that is so. It says it itself:
    /// `[package.metadata.course] varies = "…"`.
    pub(super) varies: Option<String>,
}

/// Which example of which capstone.
#[derive(Debug)]
struct Example {
    package: String,
    name: String,
    role: Option<String>,
    /// Packages whose calls are shown as well: what drives the example is a lesson, too.
    with: Vec<String>,
}

/// Those of these names, or all.
///
/// # Errors
/// One sentence: cargo does not tell, or a name is none of a demo.
pub(super) fn of(names: &[String]) -> Outcome<Vec<Demo>> {
    let mut cargo = cargo("metadata");
    let told = cargo.args(["--no-deps", "--format-version", "1"]).output();
    let told = told.map_err(|e| format!("cargo cannot be started: {e}"))?;
    let metadata: Value = serde_json::from_slice(&told.stdout)
        .map_err(|_| format!("cargo metadata: {}", String::from_utf8_lossy(&told.stderr).trim()))?;
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut demos: Vec<_> = packages.iter().filter_map(recorded).flatten().collect();
    demos.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(unknown) = names.iter().find(|name| !demos.iter().any(|demo| demo.name == **name)) {
        return Err(format!("no demo is called {unknown}").into());
    }
    demos.retain(|demo| names.is_empty() || names.contains(&demo.name));
    Ok(demos)
}

fn recorded(package: &Value) -> Option<Vec<Demo>> {
    let (name, tables) = (package["name"].as_str()?.to_owned(), &package["metadata"]);
    if let Some(course) = tables["course"].as_object() {
        let varies = course.get("varies").and_then(Value::as_str).map(Into::into);
        return Some(vec![Demo { name, capstone: None, varies }]);
    }
    // `[package.metadata.capstone] recorded = "…"`, or, of an example with roles,
    // `recorded = { example = "…", roles = […], with = […] }`
    let told = &tables["capstone"]["recorded"];
    let example = told.as_str().or_else(|| told["example"].as_str())?;
    let texts = |list: &Value| -> Vec<String> {
        let texts = list.as_array().into_iter().flatten();
        texts.filter_map(|text| Some(text.as_str()?.to_owned())).collect()
    };
    let with = texts(&told["with"]);
    let demo = |role: Option<String>| Demo {
        name: role.as_ref().map_or(example.to_owned(), |role| format!("{example}-{role}")),
        capstone: Some(Example {
            package: name.clone(),
            name: example.to_owned(),
            role,
            with: with.clone(),
        }),
        varies: None,
    };
    let roles = texts(&told["roles"]);
    let alone = roles.is_empty().then_some(None);
    Some(alone.into_iter().chain(roles.into_iter().map(Some)).map(demo).collect())
}

/// Builds them.
///
/// # Errors
/// One sentence: they cannot be built.
pub(super) fn build(demos: &[Demo]) -> Outcome {
    let mut cargo = cargo("build");
    cargo.args(["--quiet", "--bins"]);
    for demo in demos {
        cargo.args(["--package", demo.package()]);
        if let Some(Example { name, .. }) = &demo.capstone {
            cargo.args(["--example", name]);
        }
    }
    let status = cargo.status().map_err(|e| format!("cargo cannot be started: {e}"))?;
    if status.success() { Ok(()) } else { Err("cargo cannot build the demos".into()) }
}

fn cargo(command: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    cargo.arg(command).arg("--manifest-path").arg(workspace().join("Cargo.toml"));
    cargo
}

impl Demo {
    pub(super) fn package(&self) -> &str {
        self.capstone.as_ref().map_or(&self.name, |example| &example.package)
    }

    /// How `stage` is asked for it.
    pub(super) fn words(&self) -> Vec<OsString> {
        let Some(Example { package, name, role, with }) = &self.capstone else {
            return vec![self.name.clone().into()];
        };
        let mut words = Vec::new();
        for own in [package].into_iter().chain(with) {
            words.extend(["--root".into(), workspace().join("crates").join(own).into()]);
        }
        words.extend(["--example".into(), name.into(), package.into()]);
        words.extend(role.iter().flat_map(|role| ["--".into(), role.into()]));
        words
    }

    /// How cargo is asked for it.
    pub(super) fn target(&self) -> String {
        match &self.capstone {
            Some(Example { package, name, .. }) => format!("-p {package} --example {name}"),
            None => format!("-p {}", self.name),
        }
    }

    /// Why it cannot be compared: it is not there, or not what its source says today.
    pub(super) fn unfit(&self) -> Option<&'static str> {
        let stage = std::env::current_exe().ok()?;
        let example = self.capstone.as_ref().map(|it| Path::new("examples").join(&it.name));
        let program = example.clone().unwrap_or_else(|| PathBuf::from(&self.name));
        let Some(built) = changed(&stage.with_file_name(program)) else {
            return Some("it is not built");
        };
        let package = workspace().join("crates").join(self.package());
        let example = example.map(|example| package.join(example));
        let source = newest(&package.join("src")).max(example.and_then(|folder| newest(&folder)));
        source.filter(|source| *source > built).map(|_| "it is older than its source")
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

/// When something below a folder was changed last.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.filter_map(|path| if path.is_dir() { newest(&path) } else { changed(&path) }).max()
}
