//! A workspace in a temporary folder, with `work/` and `target/` in it too: nothing of the real
//! one is written to, and all of it goes away with the test.

#![allow(clippy::unwrap_used, reason = "without its workspace a test has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::Program;

/// A demo without dependencies. Without an argument it is a lesson, and its roles make visible
/// what the course hands over to it.
const TINY: &str = r#"
    use std::process::{abort, exit};
    unsafe extern "C" { fn signal(number: i32, action: usize) -> usize; }
    const IGNORE: usize = 1;

    fn main() {
        let args: Vec<String> = std::env::args().skip(1).collect();
        match args.first().map(String::as_str) {
            None => println!("the lesson"),
            Some("args") => println!("{args:?}"),
            Some("folder") => println!("{}", std::env::current_dir().unwrap().display()),
            Some("status") => exit(args[1].parse().unwrap()),
            Some("abort") => abort(),
            Some("signals") => {
                let status = std::fs::read_to_string("/proc/self/status").unwrap();
                println!("{}", status.lines().find(|line| line.starts_with("SigIgn")).unwrap());
            }
            Some("stubborn") => {
                // SAFETY: SIG_IGN installs no code; signal(2) has no other requirement.
                unsafe { signal(2, IGNORE) };
                println!("ready");
                let mut line = String::new();
                std::io::stdin().read_line(&mut line).unwrap();
                println!("heard {line:?}");
                exit(7);
            }
            Some("patient") => {
                println!("ready");
                std::io::stdin().read_line(&mut String::new()).unwrap();
            }
            _ => exit(99),
        }
    }
"#;

/// The workspace.
pub(crate) struct Workspace(TempDir);

impl Workspace {
    /// Without any demo yet: one package that is none, because cargo wants one.
    pub(crate) fn new() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        let members = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n";
        fs::create_dir(workspace.path("crates")).unwrap();
        fs::write(workspace.path("Cargo.toml"), members).unwrap();
        workspace.with_package("library", "", "fn main() {}")
    }

    /// With a demo of this name, which belongs to this day and begins with this item.
    pub(crate) fn with(self, name: &str, day: u64, item: &str) -> Self {
        let course = format!(
            "[package.metadata.course]\n\
             day = {day}\nminutes = 20\ntitle = \"All of {name}\"\nitems = [\"{item}\"]\n"
        );
        self.with_package(name, &course, TINY)
    }

    /// With a package of this name; `more` goes to the end of its Cargo.toml.
    pub(crate) fn with_package(self, name: &str, more: &str, main: &str) -> Self {
        let folder = self.path("crates").join(name);
        fs::create_dir_all(folder.join("src")).unwrap();
        let about = format!("About {name}.");
        let package = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             description = \"{about}\"\n{more}"
        );
        fs::write(folder.join("Cargo.toml"), package).unwrap();
        fs::write(folder.join("src/main.rs"), main).unwrap();
        self
    }

    /// A path in it.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    /// What is remembered.
    pub(crate) fn progress(&self) -> String {
        fs::read_to_string(self.path("work/progress")).unwrap_or_default()
    }

    /// Replaces what is remembered.
    pub(crate) fn set_progress(&self, text: &str) {
        fs::create_dir_all(self.path("work")).unwrap();
        fs::write(self.path("work/progress"), text).unwrap();
    }

    /// `cargo course ARGS` in it.
    pub(crate) fn course(&self, args: &[&str]) -> Program {
        self.set_up(Program::new(env!("CARGO_BIN_EXE_course")).args(args))
    }

    /// Makes a program take it for the workspace of the course.
    pub(crate) fn set_up(&self, program: Program) -> Program {
        program
            .env("NINE_DAYS_ROOT", self.0.path())
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .in_dir(self.0.path())
    }
}
