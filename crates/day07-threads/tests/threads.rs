//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day07-threads");

#[test]
fn the_lesson_shows_what_it_teaches() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let lines: Vec<&str> = done.stdout.lines().collect();
    let after = |what: &str| {
        let line = lines.iter().find_map(|line| line.trim_start().strip_prefix(what));
        line.unwrap_or_else(|| panic!("{what} is not in\n{}", done.stdout)).trim()
    };

    let pid = after("one process, ").split(',').next().unwrap();
    assert!(after("main ").starts_with(&format!("TID {pid}: main for std")));
    // Its maker's name, its own, and its own as far as the kernel keeps it.
    assert!(after("without a name ").ends_with(": no name for std, day07-threads for ps"));
    assert!(after("with a name ").ends_with(": baker for std, baker for ps"));
    let long = ": the-night-shift-baker for std, the-night-shift for ps";
    assert!(after("with a long name ").ends_with(long));
    assert!(lines.iter().any(|line| line.trim_start().starts_with("4 tasks")));

    assert_eq!(after("a thread that waits for a number: is_finished"), "false");
    assert_eq!(after("after 50 ms:"), "nothing yet");
    assert!(after("it got its 6, ").ends_with("42"));
    assert_eq!(after("the hook, in baker:"), "the oven is cold");
    assert!(after("join gives Err").contains("the oven is cold"));
    assert_eq!(after("the thread beside it:"), "Ok(12)");
    assert!(after("a scope:").ends_with("sums [250500, 750500], together 1001000"));
    assert!(after("a worker type:").ends_with("5050"));
    assert_eq!(after("4 workers, 10 tasks:"), "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");

    assert_eq!(after("a process of the tasks "), "day07-threads and for-ever");
    assert!(after("main returns:").starts_with("exit status: 0"));
    assert!(after("a main that joins its threads:").starts_with("3 of 3 records saved"));
}

/// But for the numbers.
#[test]
fn the_lesson_is_the_same_on_every_run() {
    let run = || -> String {
        let done = Program::new(PROGRAM).run();
        done.succeeded();
        let text = done.stdout.lines().map(|line| match line.split_once("TID ") {
            Some((before, after)) => format!("{before}{}\n", after.split_once(':').unwrap().1),
            None => format!("{line}\n"),
        });
        text.filter(|line| !line.starts_with("one process")).collect()
    };
    let first = run();
    for _ in 0..5 {
        assert_eq!(run(), first);
    }
}

#[test]
fn main_takes_its_threads_along() {
    let mut running = Program::new(PROGRAM).args(["leave"]).stdin_pipe().spawn();
    running.line("the thread has begun");
    assert_eq!(testkit::proc::tasks(running.pid()).len(), 2);
    running.type_in("\n");
    running.wait().succeeded();
    Program::new(PROGRAM).args(["leave"]).run().succeeded();
}

#[test]
fn a_joined_thread_finishes_its_work() {
    let mut running = Program::new(PROGRAM).args(["records"]).stdin_pipe().spawn();
    running.line("3 threads");
    running.type_in("one\n");
    running.line("saved one");
    running.type_in("two\nthree\n");
    let done = running.wait();
    done.succeeded();
    assert!(done.stdout.contains("saved two\n") && done.stdout.contains("saved three\n"));
    // Without an input there is nothing to save.
    Program::new(PROGRAM).args(["records"]).run().succeeded();
}

#[test]
fn help_shows_the_roles() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for part in ["cargo run -p day07-threads", "-- leave", "-- records", "the whole lesson"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, part) in [
        (&["join"][..], "no role is called 'join'"),
        (&["leave", "now"], "'now' is one argument too many"),
        (&["--fast"], "invalid option '--fast'"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(2, part);
    }
}
