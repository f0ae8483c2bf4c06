//! The harness of the exercises against learners who do everything that can be done to it: each
//! gets a verdict in time that says what was wrong, and nothing is left.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::path::PathBuf;

use nix::sys::signal::Signal;
use testkit::pty::Pty;
use testkit::{Finished, Program, proc, skip, until};

/// The example, in a folder of its own for all that it makes.
struct Hostile {
    place: PathBuf,
}

impl Hostile {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("hostile-{}-{name}", std::process::id()));
        std::fs::create_dir(&place).unwrap();
        Self { place }
    }

    fn program(&self, case: &str) -> Program {
        // As by nohup: what is ignored where tests are started is not their case's affair.
        let program = Program::example("hostile").ignoring(Signal::SIGHUP);
        program.args(["--exact", case]).env("TMPDIR", &self.place)
    }

    /// Whoever has this folder as his TMPDIR was started by it.
    fn processes(&self) -> Vec<u32> {
        let mark = self.place.to_str().unwrap().to_owned();
        let ours = |pid: &u32| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            String::from_utf8_lossy(&environment).contains(&format!("TMPDIR={mark}"))
        };
        proc::pids().into_iter().filter(ours).collect()
    }

    fn left_nothing(&self) {
        until("all its processes have ended", || self.processes().is_empty().then_some(()));
        let files: Vec<_> = std::fs::read_dir(&self.place).unwrap().flatten().collect();
        assert!(files.is_empty(), "left in its folder: {files:?}");
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

/// Runs one case. What it says, when all is put away.
fn run(case: &str) -> Finished {
    let hostile = Hostile::new(case);
    let done = hostile.program(case).run();
    hostile.left_nothing();
    done
}

/// Fails, and says all of this.
#[track_caller]
fn is_told(case: &str, words: &[&str]) -> String {
    let Finished { status, stdout, stderr } = run(case);
    assert_eq!((status.code(), stderr.as_str()), (Some(1), ""), "{case}: {stdout}");
    assert!(stdout.starts_with("FAILED   "), "{case}: {stdout}");
    if words.iter().any(|word| word.contains(".rs:")) && stdout.contains("(without lines of source")
    {
        skip_lines(case);
        return stdout;
    }
    for word in words {
        assert!(stdout.contains(word), "{case} does not say {word:?}:\n{stdout}");
    }
    stdout
}

fn skip_lines(case: &str) {
    testkit::need::say_skipped(&format!("{case}: tracing is denied here"));
}

#[track_caller]
fn passes(case: &str) -> String {
    let Finished { status, stdout, stderr } = run(case);
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{case}: {stdout}");
    assert!(stdout.starts_with("ok       "), "{case}: {stdout}");
    stdout
}

#[test]
fn what_is_right_passes() {
    for case in [
        "nothing_at_all",
        "it_is_at_home",
        "tidy",
        "own_limits",
        "a_server_beside",
        "a_thread_that_ends_a_moment_later",
    ] {
        passes(case);
    }
}

#[test]
fn a_case_that_cannot_run_here_is_neither_a_pass_nor_a_failure() {
    let Finished { status, stdout, stderr } = run("skipped");
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{stdout}");
    assert_eq!(stdout, "SKIPPED  skipped: there is no unicorn here\n\nall 0 pass, 1 skipped\n");
}

#[test]
fn the_first_failure_is_the_last_thing_that_is_said() {
    let hostile = Hostile::new("order");
    let done = hostile.program("").args(["a_zombie", "nothing_at_all", "a_todo"]).run();
    hostile.left_nothing();
    assert_eq!(done.status.code(), Some(1));
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines[..3], ["ok       nothing at all", "FAILED   a zombie", "later    a todo"]);
    assert!(lines.last().unwrap().is_empty() && lines[4] == "a zombie", "{lines:?}");
    let list = hostile.program("").args(["--list"]).run();
    assert!(list.stdout.lines().all(|line| line.ends_with(": test")) && list.status.success());
}

#[test]
fn words_end_where_the_terminal_ends() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    pty.resize(60, 24).unwrap();
    let hostile = Hostile::new("narrow");
    pty.attach_screen(hostile.program("a_zombie")).unwrap().spawn().wait();
    hostile.left_nothing();
    pty.fits("whole words, at most 60 columns", |screen| {
        let lines: Vec<&str> = screen.lines().collect();
        lines.iter().all(|line| line.chars().count() <= 60)
            && lines.iter().any(|line| line.starts_with("  ") && line.len() > 50)
    });
}

#[test]
fn loops_and_bombs() {
    is_told(
        "a_loop",
        &["the time limit of 2 s is over", "runs all the time: ", "bad.rs:", "+ it begins"],
    );
    is_told("no_processor", &["more than 0.3 s of processor time", "runs all the time", "bad.rs:"]);
    is_told("a_bomb", &["the time limit of 2 s is over", "asleep in pause() at", "processes more"]);
    // Which of the two comes first depends on what else the machine does.
    let said = is_told("a_bomb_that_runs_away", &[]);
    let ends = ["it has started more than 1500 processes", "the time limit of 2 s is over"];
    assert!(ends.iter().any(|end| said.contains(end)), "{said}");
}

#[test]
fn two_gibibytes_are_told_by_their_ends() {
    let hostile = Hostile::new("gigabytes");
    // Nobody has the memory to keep them.
    let path = hostile.program("gigabytes").path().to_owned();
    let script = "ulimit -v 600000; exec \"$0\" --exact gigabytes";
    let limited = Program::new("sh").args(["-c", script]).args([path]);
    let done = limited.env("TMPDIR", &hostile.place).run();
    hostile.left_nothing();
    let said = &done.stdout;
    assert!(said.len() < 100_000, "{} bytes", said.len());
    for word in
        ["now look at it", "| the first words", "bytes are left out here", "| the last words"]
    {
        assert!(said.contains(word), "{word:?}: {}", said.replace("xxxx", ""));
    }
}

#[test]
fn forks_that_come_back() {
    is_told("a_child_panics", &["and the panic left the code that had forked it", "in the child"]);
    is_told("a_child_returns", &["came back into the test: behind fork(2)", "_exit(2)"]);
    is_told("a_servers_child_returns", &["came back into the test: behind fork(2)"]);
}

#[test]
fn ends_in_the_middle() {
    is_told("exit_in_the_middle", &["ended in the middle of the case, by exit(0)"]);
    is_told("its_own_group", &["ended by SIGKILL in the middle", "kill(0, …)"]);
    is_told(
        "no_memory",
        &["ended by SIGABRT in the middle", "| memory allocation of 104857600 bytes"],
    );
    is_told(
        "a_stop",
        &["the time limit of 2 s is over", "stopped by a signal (state T)", "bad.rs:"],
    );
}

#[test]
fn attacks_on_the_harness() {
    for case in ["the_harness", "the_parents_group"] {
        is_told(case, &["the harness itself was ended by SIGKILL", "signalled its parent", case]);
    }
    is_told("a_stopped_harness", &["the harness itself was stopped by SIGSTOP"]);
    let Finished { stdout, .. } = run("everybody");
    if stdout.starts_with("ok ") {
        skip!("this system has no filters for system calls");
    }
    assert!(stdout.contains("it asked for kill(-1, …)"), "{stdout}");
}

#[test]
fn what_is_left_running() {
    is_told("a_background_process", &["child ", "was left running: asleep in "]);
    is_told("a_daemon", &[") has outlived the test: ", "adopted"]);
    is_told(
        "a_thread",
        &["thread ", "was left running: asleep in clock_nanosleep(…) at examples/"],
    );
    let said = is_told("a_panic_in_a_thread", &["your code panicked at examples/hostile/bad.rs:"]);
    assert!(said.contains("| process ") && said.contains("thread worker: your code"), "{said}");
}

#[test]
fn what_is_left_open() {
    is_told("a_closed_output", &["descriptor 1 (standard output) was closed"]);
    is_told("a_replaced_output", &["descriptor 1 (standard output) stands for something else"]);
    is_told("all_descriptors", &["descriptor 0 (standard input) was closed", "descriptor 2"]);
    is_told(
        "a_leak",
        &[
            "descriptor 3, a listening TCP socket at 127.0.0.1:",
            "descriptor 4, a TCP socket connected to 127.0.0.1:",
            "descriptor 5, the reading end of a pipe, was left open: close(2) was never called",
            "descriptor 6, the writing end of a pipe",
            "descriptor 7, the file /etc/passwd, was left open",
        ],
    );
    is_told("a_zombie", &["has ended and nobody has waited for it", "(state Z)", "waitpid(2)"]);
    is_told("a_socket_file", &["the socket file \"echo.sock\" was left behind", "EADDRINUSE"]);
    is_told("ipc_names", &["shared memory /nd-", "the message queue /nd-", "mq_unlink(3)"]);
}

#[test]
fn limits_and_disks() {
    is_told("low_limits", &["with limits of nothing"]);
    is_told("a_full_folder", &["written more than 256 MiB into its folder"]);
}

#[test]
fn hangs_are_told_task_by_task() {
    is_told("a_deadlock", &["Mutex", "futex(…) at examples/hostile/bad.rs:", "thread "]);
    is_told(
        "hangs_in_a_child",
        &[
            "asleep in wait4(",
            "asleep in read(",
            "the reading end of a pipe",
            "bad.rs:",
            "the writing end is still open in process ",
        ],
    );
}

#[test]
fn errors_are_explained() {
    is_told("a_todo", &["examples/hostile/bad.rs:", "is still todo!()"]);
    let said = is_told("a_todo_beside", &["what the test saw of it:\n    "]);
    let first = said.lines().nth(4).unwrap();
    assert!(first.starts_with("  examples/hostile/bad.rs:"), "{said}");
    assert!(first.ends_with(" is still todo!(): that is where your code goes"), "{said}");
    assert!(!said.contains("meanwhile"), "{said}");
    is_told("a_hidden_error", &["EADDRINUSE (98): somebody has this address already", "bind(2)"]);
    is_told(
        "a_server_dies",
        &["meanwhile:", "which runs your code, has ended:", "no more of this"],
    );
    is_told(
        "a_server_returns",
        &[
            "meanwhile:",
            "which runs your code, has returned from it: Err(Os { code: 1, ",
            "EPERM (1): only a more privileged process may do this; where it is a send, a firewall",
        ],
    );
}

#[test]
fn faults() {
    let done = run("well_faulted");
    if done.stdout.starts_with("SKIPPED") {
        skip!("tracing is denied here");
    }
    assert_eq!(done.status.code(), Some(0), "{}", done.stdout);
    is_told("a_fault_that_never_comes", &["@connect ECONNREFUSED: this was to happen"]);
    is_told("slow_faults", &["the time limit of 2 s is over", "asleep for ", "at src/peer.rs:"]);
}

#[test]
fn whoever_ends_it_ends_all_of_it() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
        let hostile = Hostile::new(&format!("{signal}"));
        let running = hostile.program("a_bomb").spawn();
        // Keeper, harness, case, and some of the bomb.
        until("it runs", || (hostile.processes().len() > 10).then_some(()));
        running.signal(signal);
        // Not `wait`: that looks for what is left, once, and the harness may still be at it.
        until("all of it has ended", || {
            let living = hostile.processes().into_iter().filter(|pid| *pid != running.pid());
            living.count().eq(&0).then_some(())
        });
        until("its folders are gone", || {
            std::fs::read_dir(&hostile.place).unwrap().next().is_none().then_some(())
        });
        assert_eq!(running.wait().signal(), Some(signal as i32));
    }
}
