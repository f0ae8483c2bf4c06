//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;

use nix::sys::signal::Signal;
use testkit::lesson::{Told, into_nobodys_pipe, onto_a_full_disk};
use testkit::{Program, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day07-signals");

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = Told::by(Program::new(PROGRAM));
    told.says([
        "SIGHUP 1 the terminal has gone ended by SIGHUP",
        "SIGINT 2 Ctrl-C ended by SIGINT",
        "SIGQUIT 3 Ctrl-\\ ended by SIGQUIT",
        "SIGKILL 9 cannot be handled ended by SIGKILL",
        "SIGALRM 14 alarm() ended by SIGALRM",
        "kill(pid, nothing): running Ok(()), zombie Ok(()), reaped Err(ESRCH)",
        "kill(-group, SIGTERM): SIGTERM and SIGTERM; outside of it: code 0",
        "alarm(1000) gives None, then alarm(1) gives what was left of 1000",
        "nobody handles it: SIGALRM, not before its second was over: true",
        "pause: SIGUSR2, ignored: alive true, state S",
        "SIGUSR1, handled: 1 run of the handler, then pause returned: true",
        "SIGUSR1 comes between the look and the sleep: handled true; the wait has ended",
        "sigaction: SIGKILL Err(EINVAL) SIGSTOP Err(EINVAL) SIGUSR1 Ok(())",
        "SIGUSR1 sent: handled 1 run, ignored 0 runs",
        "a handler ran while a lock was held: it went on; end: code 0",
        "signalfd: read gives SIGUSR1, sent by this process: true",
        "read again: nothing is pending: true",
        "SIGUSR1 sent 5 times: while blocked 0 runs, afterwards 1",
        "5 events: 5 counted, their values [1, 2, 3, 4, 5]",
        "a handler runs while read waits: EINTR",
        "with SA_RESTART: it goes on, and gives 1 afterwards",
        "with SA_RESTART, poll: EINTR",
        "set blocked ignored handled",
        "after fork blocked ignored handled",
        "after exec blocked ignored default",
        "3 messages sent, the receiver is stopped (T); continued, it reads 3",
    ]);
    // Their numbers differ from one processor to the other.
    for (signal, end) in [
        ("SIGUSR1", "ended by SIGUSR1"),
        ("SIGCHLD", "nothing happened to it"),
        ("SIGCONT", "continued, then nothing happened to it"),
        ("SIGSTOP", "stopped by SIGSTOP, then ended by SIGKILL"),
        ("SIGTSTP", "stopped by SIGTSTP, then ended by SIGKILL"),
    ] {
        let fits = |line: &String| line.starts_with(signal) && line.ends_with(end);
        assert!(told.iter().any(fits), "{signal}: {end} is not in\n{}", told.join("\n"));
    }
    assert_eq!(told, Told::by(Program::new(PROGRAM)));
}

#[test]
fn started_with_signals_ignored_it_sees_the_same() {
    let script = "trap '' HUP INT QUIT USR1 USR2 PIPE ALRM TERM CHLD TSTP; exec \"$0\"";
    assert_eq!(
        Told::by(Program::new("sh").args(["-c", script, PROGRAM])),
        Told::by(Program::new(PROGRAM))
    );
}

#[test]
fn started_with_signals_blocked_and_sigchld_ignored_it_sees_the_same() {
    let Some(python) = testkit::need::program("python3") else { skip!("there is no python3") };
    let script = "import os, signal, sys; \
        signal.signal(signal.SIGCHLD, signal.SIG_IGN); \
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); \
        os.execv(sys.argv[1], sys.argv[1:])";
    assert_eq!(
        Told::by(Program::new(python).args(["-c", script, PROGRAM])),
        Told::by(Program::new(PROGRAM))
    );
}

#[test]
fn in_an_orphaned_group_ctrl_z_still_stops() {
    let Some(setsid) = testkit::need::program("setsid") else { skip!("there is no setsid") };
    if !Program::new(&setsid).args(["-w", "true"]).run().status.success() {
        skip!("this setsid cannot wait");
    }
    // A new session: nobody outside of its group is the parent of anybody in it.
    let told = Told::by(Program::new(setsid).args(["-w", PROGRAM]));
    assert_eq!(told, Told::by(Program::new(PROGRAM)));
}

#[test]
fn no_core_is_written() {
    let dir = std::env::temp_dir().join(format!("signals-test-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    let script = "ulimit -c unlimited 2>/dev/null; exec \"$0\"";
    let program = Program::new("sh").args(["-c", script, PROGRAM]).in_dir(&dir);
    let told = Told::by(program);
    assert!(told.iter().all(|line| !line.contains("with a core")), "{}", told.join("\n"));
    // Fails unless it is empty.
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn a_role_says_what_it_has_inherited() {
    assert_eq!(Told::by(Program::new(PROGRAM).args(["mask"])).0, ["default default default"]);
    let ignoring = Program::new(PROGRAM).args(["mask"]).ignoring(Signal::SIGUSR2);
    assert_eq!(Told::by(ignoring).0, ["default ignored default"]);
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["kill"]).run().failed(2, "no role is called 'kill'");
    Program::new(PROGRAM).args(["mask", "1"]).run().failed(2, "one argument too many");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    for role in [&[][..], &["mask"]] {
        into_nobodys_pipe(Program::new(PROGRAM).args(role));
        onto_a_full_disk(Program::new(PROGRAM).args(role));
    }
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(16).run().succeeded();
}
