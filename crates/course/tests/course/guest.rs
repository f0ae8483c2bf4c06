//! A clone that belongs to somebody else: root has installed it, and nobody may write there.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use testkit::{Finished, Program, need, skip};

use crate::fixture::{SOLUTION, Workspace};
use crate::start::two;

/// `cargo course ARGS` as nobody, in a mount namespace in which the workspace is as `mount` says.
/// The toolchain is there, too, at a place that nobody can reach: it may lie in root's home.
fn as_nobody(workspace: &Workspace, mount: &str, args: &str) -> Finished {
    let nobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups";
    let course = env!("CARGO_BIN_EXE_course");
    let script =
        format!("{mount} && mount --bind \"$SYSROOT\" toolchain && {nobody} {course} {args}");
    let program = Program::new("unshare").args(["-m", "sh", "-c", &script]);
    let toolchain = workspace.path("toolchain/bin");
    let program = workspace.set_up(program).env("SYSROOT", sysroot());
    let program = program.env("CARGO", toolchain.join("cargo")).env("HOME", "/nonexistent");
    let program = program.env("CARGO_HOME", "/nonexistent/cargo");
    program.env("RUSTC", toolchain.join("rustc")).run()
}

fn sysroot() -> String {
    let rustc = Path::new(env!("CARGO")).with_file_name("rustc");
    let output = Command::new(rustc).args(["--print", "sysroot"]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default().trim_end().to_owned()
}

/// Why this cannot be tried here.
fn cannot(workspace: &Workspace) -> Option<&'static str> {
    if !fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        return Some("only root can become somebody else");
    }
    if need::program("unshare").is_none() || need::program("setpriv").is_none() {
        return Some("needs unshare(1) and setpriv(1)");
    }
    let list = as_nobody(workspace, "true", "list");
    (!list.status.success()).then_some("nobody cannot reach cargo and the course here")
}

#[test]
fn a_guest_reads_and_is_told_why_he_cannot_write() {
    let workspace = two();
    fs::create_dir(workspace.path("toolchain")).unwrap();
    fs::set_permissions(workspace.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    workspace.course(&["start", "second-one"]).run().succeeded();
    workspace.solve("second-one", SOLUTION);
    if let Some(why) = cannot(&workspace) {
        skip!("{why}");
    }
    let read_only = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\"";
    for (mount, why) in [("true", "Permission denied"), (read_only, "Read-only file system")] {
        for command in ["", "list", "progress"] {
            as_nobody(&workspace, mount, command).succeeded();
        }
        let hint = as_nobody(&workspace, mount, "hint second-one");
        hint.failed(0, &format!("so this is forgotten: {why}"));
        assert!(hint.stdout.contains("hint 1 of 3"), "{hint:#?}");
        for command in ["start first-one", "reset second-one"] {
            as_nobody(&workspace, mount, command).failed(1, why);
        }
        let check = as_nobody(&workspace, mount, "check second-one");
        assert_eq!(check.status.code(), Some(1), "{check:#?}");
        // Where a file may not be written to by its mode, the kernel says that first.
        for said in ["Permission denied", "course: cargo cannot build second-one, for a reason"] {
            assert!(check.stderr.contains(said), "{check:#?}");
        }
        assert_eq!(workspace.progress(), "");
        assert_eq!(fs::read_to_string(workspace.source("second-one")).unwrap(), SOLUTION);
        assert!(!workspace.path("work/day04/first-one").exists());
    }
}
