//! What cannot be executed is named, with the reason, before anything is traced.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use trace::{Error, Options, Run, Tracer};

fn sentence(options: Options) -> String {
    let error = Tracer::start(options).map(drop).unwrap_err();
    assert!(matches!(error, Error::Call(_)), "{error:?}");
    error.to_string()
}

fn file(folder: &Path, text: &str, mode: u32) -> std::path::PathBuf {
    let path = folder.join("program");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_program_that_cannot_be_executed_is_named() {
    needs_ptrace!();
    let folder = tempfile::tempdir().unwrap();
    let named = |path: &Path, errno: &str| {
        let said = sentence(Options::new(path));
        assert!(said.starts_with(&format!("execve({}): ", path.display())), "{said}");
        assert!(said.ends_with(&format!("({errno})")), "{said}");
    };
    named(Path::new("/nowhere/at/all"), "ENOENT");
    named(folder.path(), "EACCES");
    named(&file(folder.path(), "no program", 0o644), "EACCES");
    named(&file(folder.path(), "no program", 0o755), "ENOEXEC");
    named(&file(folder.path(), "#!/nowhere/at/all\n", 0o755), "ENOENT");
    named(&file(folder.path(), "", 0o755).join("below"), "ENOTDIR");
}

#[test]
fn a_directory_that_cannot_be_entered_is_named() {
    needs_ptrace!();
    let said = sentence(Options::new(common::odd()).directory("/nowhere/at/all"));
    assert!(said.starts_with("chdir(/nowhere/at/all): "), "{said}");
}

#[test]
fn at_full_speed_too() {
    needs_ptrace!();
    let error = Run::of("/nowhere/at/all", common::ROOT).go().map(drop).unwrap_err();
    assert!(error.to_string().starts_with("execve(/nowhere/at/all): "), "{error}");
}
