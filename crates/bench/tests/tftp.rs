//! The benchmark runs to its end, names everything and leaves nothing behind. No time is looked at:
//! this machine is busy with other tests.

mod common;

use std::path::Path;

use common::{is_anybody_in, is_empty};
use nix::sys::signal::Signal;
use testkit::{Program, until};

const CASES: [&str; 4] =
    ["blksize 512 ", "blksize 1428, windowsize 64 ", "blksize 65464, windowsize 16 ", "64 clients"];
const OURS: [&str; 5] = ["epoll", "iterative", "fork", "thread", "pool"];

fn tftp(temporary: &Path) -> Program {
    Program::new(env!("CARGO_BIN_EXE_tftp")).env("TMPDIR", temporary)
}

#[test]
fn quick_names_all_cases_and_all_servers_and_leaves_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let finished = tftp(temporary.path()).args(["--quick"]).run();
    finished.succeeded();
    let has = |part: &str| finished.stdout.lines().any(|line| line.contains(part));
    for case in CASES {
        assert!(has(case), "no row of {case}: {}", finished.stdout);
    }
    for model in OURS {
        assert!(has(&format!("ours, {model}")), "no row of {model}: {}", finished.stdout);
    }
    assert!(has("ours, epoll, checksum"), "{}", finished.stdout);
    for peer in ["tftpd-hpa", "atftpd", "tftpd", "nginx", "nc"] {
        let served = |line: &str| line.starts_with("UDP: ours beside") && line.contains(peer);
        let is_there = finished.stdout.lines().any(|line| served(line) || line.starts_with(peer));
        let is_skipped = has(&format!("SKIPPED {peer}: "));
        assert!(is_there || is_skipped, "no word of {peer}: {}", finished.stdout);
    }
    assert!(is_empty(temporary.path()), "a file remains");
    assert!(!is_anybody_in(temporary.path()), "a server remains");
}

#[test]
fn without_others_it_says_so() {
    let temporary = tempfile::tempdir().unwrap();
    let args = ["--quick", "--check"];
    let finished = tftp(temporary.path()).args(args).env("PATH", "/nonexistent").run();
    finished.succeeded();
    assert_eq!(finished.stdout.matches("SKIPPED").count(), 5, "{}", finished.stdout);
    assert!(finished.stdout.contains("UDP: ours beside nobody\n"), "{}", finished.stdout);
    // A verdict for each blksize, one for the large window, and that of TCP.
    let compared = finished.stdout.matches("nothing to compare with").count();
    assert_eq!(compared, 5, "{}", finished.stdout);
}

#[test]
fn killed_it_leaves_no_server() {
    let temporary = tempfile::tempdir().unwrap();
    let mut running = tftp(temporary.path()).args(["--only", "blksize 512"]).spawn();
    running.line("UDP: ours beside");
    assert!(is_anybody_in(temporary.path()));
    running.signal(Signal::SIGKILL);
    until("all servers have gone", || (!is_anybody_in(temporary.path())).then_some(()));
    running.wait();
}

#[test]
fn help_and_mistakes() {
    let temporary = tempfile::tempdir().unwrap();
    let finished = tftp(temporary.path()).args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--check"));
    let mistakes: [(&[&str], &str); 5] = [
        (&["--fast"], "'--fast'"),
        (&["--only", "nobody"], "\"nobody\""),
        (&["serve", "nobody"], "\"nobody\""),
        (&["serve", "nginx"], "missing"),
        (&["serve", "nginx", "here", "many"], "many"),
    ];
    for (args, word) in mistakes {
        tftp(temporary.path()).args(args).run().failed(2, word);
    }
    assert!(is_empty(temporary.path()), "a file remains");
}
