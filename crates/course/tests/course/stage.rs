//! A demo on the stage: what the stage is told, and what comes back. The stage of these tests says
//! what it was told; the real one has tests of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use nix::errno::Errno;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use testkit::sandbox::Filter;
use testkit::until;

use crate::fixture::Workspace;

const STAGE: &str = r#"
    fn main() {
        for arg in std::env::args().skip(1) {
            println!("{arg}");
        }
        std::process::exit(std::env::args().filter(|arg| arg == "fail").count() as i32 * 7);
    }
"#;

fn workspace() -> Workspace {
    Workspace::new().with("day04-tiny", 4, "4.01").with_package("stage", "", STAGE)
}

/// The lines that the stage says.
fn told(workspace: &Workspace, args: &[&str]) -> Vec<String> {
    let done = workspace.course(args).run();
    assert!(done.status.success(), "{done:#?}");
    done.stdout.lines().map(Into::into).collect()
}

#[test]
fn a_demo_is_built_and_goes_on_the_stage() {
    let workspace = workspace();
    let root = workspace.path("crates/day04-tiny").display().to_string();
    let program = workspace.path("target/debug/day04-tiny").display().to_string();
    for options in [&["--step"][..], &["--text", "--state"], &["--record", "file"]] {
        let args = [&["demo", "tiny"], options].concat();
        let expected = [options, &["--root", &root, &program, "--"]].concat();
        assert_eq!(told(&workspace, &args), expected);
    }
    assert_eq!(workspace.progress(), "demo day04-tiny\n");
    let told = told(&workspace, &["demo", "tiny", "--text", "--", "server", "--text"]);
    assert_eq!(told[4..], ["--", "server", "--text"]);
}

#[test]
fn a_twin_goes_on_the_stage_and_is_not_remembered() {
    let workspace = workspace();
    let examples = workspace.path("crates/day04-tiny/examples");
    fs::create_dir(&examples).expect("a folder");
    fs::write(examples.join("spin.rs"), "fn main() {}").expect("a file");
    let told = told(&workspace, &["demo", "tiny", "--text", "--example", "spin"]);
    assert_eq!(told[3], workspace.path("target/debug/examples/spin").display().to_string());
    assert_eq!(workspace.progress(), "");
    let none = workspace.course(&["demo", "tiny", "--text", "--example", "none"]).run();
    assert_eq!(none.status.code(), Some(1));
    assert!(none.stderr.contains("course: cargo cannot build the example none of day04-tiny"));
}

#[test]
fn the_status_is_the_stages() {
    let workspace = workspace();
    let done = workspace.course(&["demo", "tiny", "--text", "--", "fail"]).run();
    assert_eq!(done.status.code(), Some(7));
    fs::write(workspace.path("fail"), "").expect("a file");
    assert_eq!(workspace.course(&["replay", "fail"]).run().status.code(), Some(7));
}

#[test]
fn a_recording_is_replayed() {
    let workspace = workspace();
    fs::write(workspace.path("file"), "").expect("a file");
    assert_eq!(told(&workspace, &["replay", "file", "--text"]), ["--text", "replay", "file"]);
}

/// The workspace keeps a recording of its demo.
fn keep(workspace: &Workspace) -> String {
    let folder = workspace.path("crates/stage/recordings");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("day04-tiny.json"), "").expect("a file");
    folder.join("day04-tiny.json").display().to_string()
}

#[test]
fn a_demos_name_stands_for_its_kept_recording() {
    let workspace = workspace();
    let none = workspace.course(&["replay", "tiny"]).run();
    none.failed(1, "no recording of day04-tiny is kept");
    let kept = keep(&workspace);
    for name in ["tiny", "day04-tiny"] {
        assert_eq!(told(&workspace, &["replay", name]), ["replay", &kept]);
    }
    // So does the name of one that is of no demo.
    let other = kept.replace("day04-tiny", "chat-session");
    fs::write(&other, "").expect("a file");
    assert_eq!(told(&workspace, &["replay", "chat-session"]), ["replay", &other]);
    // A file of that name is what was meant.
    fs::write(workspace.path("tiny"), "").expect("a file");
    assert_eq!(told(&workspace, &["replay", "tiny"]), ["replay", "tiny"]);
    workspace.course(&["replay", "tiyn"]).run().failed(2, "did you mean 'tiny'?");
    workspace.course(&["replay", "./tiny.json"]).run().failed(1, "there is no file ./tiny.json");
}

#[test]
fn where_nobody_may_trace_the_kept_recording_is_offered() {
    let workspace = workspace();
    let filter = Filter::new().refuse(libc::SYS_ptrace, Errno::EPERM);
    let denied = |args: &[&str]| workspace.course(args).filtered(&filter);
    if let Err(why) = denied(&["help"]).can_start() {
        testkit::skip!("{why}");
    }
    denied(&["demo", "tiny", "--step"]).run().failed(1, "cargo course doctor");
    keep(&workspace);
    let offered = denied(&["demo", "tiny", "--text"]).run();
    offered.failed(1, "see what was recorded: cargo course replay day04-tiny");
    let shown = denied(&["replay", "tiny"]).run();
    assert!(shown.status.success(), "a recording is shown anywhere: {shown:#?}");
}

#[test]
fn who_has_to_wait_for_the_stage_is_told_why() {
    let workspace = workspace();
    workspace.course(&["demo", "tiny", "--text"]).run().succeeded();
    // A cargo that takes its time for the stage.
    let (gate, cargo) = (workspace.path("gate"), workspace.path("cargo"));
    mkfifo(&gate, Mode::S_IRWXU).expect("a fifo");
    let waits = format!("case \"$*\" in *'package stage'*) read x < '{}';; esac", gate.display());
    let script = format!("#!/bin/sh\n{waits}\nexec '{}' \"$@\"\n", env!("CARGO"));
    fs::write(&cargo, script).expect("a file");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("a file");
    let demo = workspace
        .course(&["demo", "tiny", "--text"])
        .env("CARGO", &cargo)
        .env("NINE_DAYS_SILENCE", "1")
        .spawn();
    let told = "course: building stage; the first time this takes a minute or two\n";
    until("it says what it waits for", || demo.stderr().ends_with(told).then_some(()));
    fs::write(gate, "go on\n").expect("a reader");
    assert_eq!(demo.wait().status.code(), Some(0));
}
