//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::path::PathBuf;

use nix::sys::signal::Signal;
use testkit::lesson::{Told, into_nobodys_pipe, onto_a_full_disk};
use testkit::{Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day07-sync");

/// Where /proc does not tell a call, its name is taken away; what remains is S.
fn lesson_of(program: Program) -> Told {
    Told(Told::by(program).0.iter().map(|line| line.replace(" in futex(2)", "")).collect())
}

fn lesson() -> Told {
    lesson_of(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "2 places, 4 cars; two drive in: 2 inside, value 0",
        "a place without waiting: false",
        "one more comes, and waits: S",
        "one leaves: 2 inside, value 0",
        "all have left: value 2; at once there were at most 2",
        "released by one who has never acquired: 1 → 2",
        "the only bound: 2147483647 and one more: Some(EOVERFLOW)",
        "synchronisation, two semaphores: the steps came as ABABABAB",
        "mutual exclusion, a lock: 4 x 20000 times += 1 make 80000",
        "in the critical section at once: at most 1",
        "the owner locks it once more: Some(EDEADLK)",
        "another process tries and gets EBUSY, unlocks and gets EPERM: true",
        "an event, is_set: false; three wait:",
        "woken for nothing: 3; they looked 3 times, and sleep again",
        "set: 3 woken, all three have gone through; is_set: true",
        "who comes later: true; cleared, and waited for 50 ms: false",
        "the owner of a lock has moved 10 half-way, and ends by SIGKILL",
        "the next gets the lock, EOWNERDEAD, a sum of 190",
        "and the one after it gets the lock, no news, a sum of 200",
        "the sum is 200",
        "one waits for the lock: S",
        "the owner ends by SIGKILL: it is woken with EOWNERDEAD, and repairs nothing",
        "the next: Some(ENOTRECOVERABLE), and so for ever",
        "a file lock, held by another program: Err(EAGAIN)",
        "that ends by signal 9: Ok(())",
        "opened once more by ourselves: Err(EAGAIN); written without it: 1 byte",
        "a lock by fcntl: Ok(0), by ourselves again: Ok(0), a child: EAGAIN",
        "one of our two descriptors is closed; a child can lock it: true",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn all_who_wait_sleep_in_a_futex() {
    let Ok(call) = fs::read_to_string("/proc/self/syscall") else {
        skip!("/proc does not tell system calls here");
    };
    assert!(!call.is_empty());
    let told = Program::new(PROGRAM).run().stdout;
    // Two cars, three at the gate, one heir.
    assert_eq!(told.matches("S in futex(2)").count(), 6, "{told}");
}

/// A file of this test, gone when the test has ended in any way.
struct Scratch(PathBuf);

impl Scratch {
    fn new(what: &str) -> Self {
        let name = format!("day07-sync-test-{}-{what}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, "").unwrap();
        Self(path)
    }

    fn holder(&self) -> Program {
        Program::new(PROGRAM).args(["hold", self.0.to_str().unwrap()]).stdin_pipe()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_second_holder_waits_for_the_end_or_the_death_of_the_first() {
    let file = Scratch::new("holders");
    let mut first = file.holder().spawn();
    first.line("locked by");
    let mut second = file.holder().spawn();
    // It is asleep in flock(2), and has said nothing.
    testkit::until("the second one waits", || {
        let call = testkit::proc::asleep_in(second.pid(), second.pid());
        let stat = testkit::proc::stat(second.pid())?;
        (call.map_or(stat.state == 'S', |call| call == libc::SYS_flock)).then_some(())
    });
    first.close_stdin();
    first.wait().succeeded();
    second.line("locked by");

    let mut third = file.holder().spawn();
    second.signal(Signal::SIGKILL);
    assert_eq!(second.wait().signal(), Some(9));
    third.line("locked by");
    third.close_stdin();
    third.wait().succeeded();
}

#[test]
fn flock_of_the_shell_meets_the_same_lock() {
    if need::program("flock").is_none() {
        skip!("flock is not installed");
    }
    let file = Scratch::new("shell");
    let path = file.0.to_str().unwrap();
    let attempt = || Program::new("flock").args(["-n", path, "true"]).run().status.code();
    let mut holder = file.holder().spawn();
    holder.line("locked by");
    assert_eq!(attempt(), Some(1));
    holder.close_stdin();
    holder.wait().succeeded();
    assert_eq!(attempt(), Some(0));
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    let dir = std::env::temp_dir().join(format!("sync-test-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    Program::new(PROGRAM).env("TMPDIR", &dir).run().succeeded();
    // Fails unless it is empty.
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, status, part) in [
        (&["wait"][..], 2, "no role is called 'wait'"),
        (&["--fast"], 2, "invalid option '--fast'"),
        (&["hold"], 2, "the hold needs FILE"),
        (&["hold", "a", "b"], 2, "'b' is one argument too many"),
        (&["hold", "/nowhere/at/all"], 1, "open(/nowhere/at/all): No such file or directory"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    for part in ["-- hold FILE", "the whole lesson"] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    let file = Scratch::new("closed");
    let args = ["hold", file.0.to_str().unwrap()];
    into_nobodys_pipe(Program::new(PROGRAM).args(args));
    onto_a_full_disk(Program::new(PROGRAM).args(args));
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(20).run().succeeded();
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    assert_eq!(lesson_of(Program::new(PROGRAM).ignoring(Signal::SIGCHLD)), lesson());
}
