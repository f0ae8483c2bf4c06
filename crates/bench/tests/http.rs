//! The benchmark runs to its end, names everything and leaves nothing behind. No time is looked at:
//! this machine is busy with other tests.

mod common;

use std::fs;
use std::path::Path;

use common::{is_anybody_in, is_empty};
use nix::sys::signal::Signal;
use testkit::{Program, until};

const CASES: [&str; 5] = ["keep-alive 64", "close", "10 MiB", "latency", "idle"];

fn http(temporary: &Path) -> Program {
    Program::new(env!("CARGO_BIN_EXE_http")).env("TMPDIR", temporary)
}

#[test]
fn quick_names_cases_and_servers_and_leaves_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let (chart, servers) = (temporary.path().join("chart.svg"), "nginx,lighttpd,hyper,epoll,fork");
    let finished = http(temporary.path())
        .args(["--quick", "--markdown", "--only", "apart", "--servers", servers, "--svg"])
        .args([&chart])
        .run();
    finished.succeeded();
    let has = |part: &str| finished.stdout.lines().any(|line| line.trim().starts_with(part));
    for case in CASES {
        assert!(has(case), "no row of {case}: {}", finished.stdout);
    }
    for server in ["hyper", "ours, epoll", "ours, fork", "| ours, epoll |"] {
        assert!(has(server), "no row of {server}: {}", finished.stdout);
    }
    for peer in ["nginx", "lighttpd"] {
        assert!(has(peer) || has(&format!("SKIPPED {peer}: ")), "{}", finished.stdout);
    }
    let picture = fs::read_to_string(&chart).unwrap();
    assert!(picture.contains(">ours, epoll</text>") && picture.ends_with("</svg>\n"), "{picture}");
    fs::remove_file(chart).unwrap();
    assert!(is_empty(temporary.path()), "a file remains");
    assert!(!is_anybody_in(temporary.path()), "a server remains");
}

#[test]
fn without_others_it_says_so() {
    let temporary = tempfile::tempdir().unwrap();
    let servers = "nginx,lighttpd,python3,epoll";
    let args = ["--quick", "--check", "--only", "together close", "--servers", servers];
    let finished = http(temporary.path()).args(args).env("PATH", "/nonexistent").run();
    finished.succeeded();
    assert_eq!(finished.stdout.matches("SKIPPED").count(), 3, "{}", finished.stdout);
}

#[test]
fn a_server_holds_after_mixed_load_what_it_held_before() {
    let temporary = tempfile::tempdir().unwrap();
    for model in ["epoll", "pool"] {
        let args = ["--mixed", "5000", "--seed", "7", "--servers", model];
        let finished = http(temporary.path()).args(args).run();
        finished.succeeded();
        assert!(finished.stdout.contains("5,000 requests of mixed load"), "{}", finished.stdout);
        assert!(finished.stdout.contains("ok     what it holds"), "{}", finished.stdout);
    }
    assert!(is_empty(temporary.path()), "a file remains");
}

#[test]
fn killed_it_leaves_no_server() {
    let temporary = tempfile::tempdir().unwrap();
    let servers = ["--servers", "nginx,lighttpd,hyper,epoll"];
    let mut running = http(temporary.path()).args(["--only", "together"]).args(servers).spawn();
    running.line("servers: ");
    assert!(is_anybody_in(temporary.path()));
    running.signal(Signal::SIGKILL);
    until("all servers have gone", || (!is_anybody_in(temporary.path())).then_some(()));
    running.wait();
}

#[test]
fn help_and_mistakes() {
    let temporary = tempfile::tempdir().unwrap();
    let finished = http(temporary.path()).args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--mixed"));
    let mistakes: [(&[&str], &str); 6] = [
        (&["--fast"], "'--fast'"),
        (&["--only", "nobody"], "\"nobody\""),
        (&["--servers", "nginx,nobody"], "\"nobody\""),
        (&["--mixed", "--seed", "x"], "\"x\""),
        (&["serve", "nobody"], "\"nobody\""),
        (&["serve", "nginx", "here", "many"], "many"),
    ];
    for (args, word) in mistakes {
        http(temporary.path()).args(args).run().failed(2, word);
    }
    assert!(is_empty(temporary.path()), "a file remains");
}
