//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day08-share");

#[test]
fn the_lesson_shows_what_it_teaches() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let after = |what: &str| {
        let mut lines = done.stdout.lines();
        let line = lines.find_map(|line| line.trim_start().strip_prefix(what));
        line.unwrap_or_else(|| panic!("{what} is not in\n{}", done.stdout)).trim()
    };
    assert_eq!(after("3000 in all before,"), "3000 after");
    assert_eq!(after("all three locks are free:"), "true");
    assert_eq!(after("an atomic: 4 threads, 100000 times fetch_add each:"), "400000");
    assert_eq!(after("2 threads, load and then store:"), "1, a lost update");
    assert_eq!(after("an event that nobody sets: wait for 50 ms gives"), "false");
    assert_eq!(after("set: three threads that wait get"), "[true, true, true]");
    assert_eq!(after("cleared: wait gives"), "false");
    assert_eq!(after("a queue: two consumers got"), "[Some(1), Some(2)], left in it: []");
    let in_vain: u32 = after("woken in vain and waited again:").parse().unwrap();
    assert!(in_vain >= 1);
    assert_eq!(after("a channel for two: a third is refused,"), "\"salt\" comes back");
    assert_eq!(after("received:"), "bread, milk, then the end of the stream: true");
    let all = "10000 received, sum 50005000";
    assert_eq!(after("three receivers share 10000 numbers:"), all);
    assert_eq!(after("a panic under a lock:"), "between the two");
    assert_eq!(after("lock gives PoisonError:"), "true");
    assert_eq!(after("found"), "(10, 2), half of a change");
    assert_eq!(after("repaired and cleared:"), "(10, 20)");
    let twice = after("a second lock in the same thread:");
    assert_eq!(twice, "WouldBlock, after the first guard: taken");
    let slow = after("4 slow servers, 100 ms each, asked without the lock:");
    let (took, sum) = slow.split_once(" ms, ").unwrap();
    assert!(took.parse::<u32>().unwrap() >= 100);
    assert_eq!(sum, "prices add up to 1689");
}

/// But for what the machine decides: who had the money, and how long it took.
#[test]
fn the_lesson_says_the_same_on_every_run() {
    let run = || -> Vec<String> {
        let done = Program::new(PROGRAM).run();
        done.succeeded();
        let text = done.stdout.lines().map(|line| match line {
            line if line.starts_with("the bank:") => "the bank".to_owned(),
            line if line.contains("slow servers") => "slow servers".to_owned(),
            line if line.contains("woken in vain") => "woken in vain".to_owned(),
            line => line.to_owned(),
        });
        text.collect()
    };
    let first = run();
    for _ in 0..5 {
        assert_eq!(run(), first);
    }
}

#[test]
fn help_says_what_it_is() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    assert!(done.stdout.contains("cargo run -p day08-share\n      the whole lesson"));
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["server"]).run().failed(2, "no role is called 'server'");
    Program::new(PROGRAM).args(["-x"]).run().failed(2, "invalid option '-x'");
}
