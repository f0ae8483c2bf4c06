//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day05-two-tasks");
const WAYS: [&str; 4] =
    ["one after the other", "two processes", "two threads", "one thread, two timers"];

/// What is said about one way.
#[derive(Debug)]
struct Report {
    seconds: f64,
    less: bool,
    order: String,
    together: bool,
    /// Process, thread and result of each task.
    by: Vec<[u32; 3]>,
}

/// The lesson's own process, and what it says.
fn run(program: Program) -> (u32, Vec<Report>) {
    let running = program.spawn();
    let pid = running.pid();
    let done = running.wait();
    done.succeeded();
    let lines: Vec<&str> = done.stdout.lines().skip(1).collect();
    let report = |(lines, way): (&[&str], &str)| {
        let rest = lines[0].strip_prefix(&format!("{way}: ")).unwrap();
        let (seconds, less) = rest.split_once(" s, less than the sum: ").unwrap();
        let (order, together) = lines[1].trim().split_once("; at the same time: ").unwrap();
        let numbers = |line: &str| {
            let words = line.split([' ', ',']).filter_map(|word| word.parse().ok());
            words.collect::<Vec<u32>>().try_into().unwrap()
        };
        Report {
            seconds: seconds.parse().unwrap(),
            less: less.parse().unwrap(),
            order: order.into(),
            together: together.parse().unwrap(),
            by: lines[2..].iter().map(|line| numbers(line)).collect(),
        }
    };
    let reports: Vec<Report> = lines.chunks(4).zip(WAYS).map(report).collect();
    assert_eq!((reports.len(), lines.len()), (4, 16), "{}", done.stdout);
    (pid, reports)
}

const IN_TURN: &str = "one begins, one ends, one begins, one ends";
const TOGETHER: &str = "one begins, one begins, one ends, one ends";

#[test]
fn one_after_the_other_takes_the_sum_and_the_others_overlap() {
    let mut overlapped = [false; 4];
    // A machine that starts the second task so late that the first has ended is slow and proves
    // nothing: it is asked again. What cannot overlap never does.
    for _ in 0..10 {
        let start = Instant::now();
        let (_, ways) = run(Program::new(PROGRAM));
        assert!(start.elapsed() >= Duration::from_millis(500 + 3 * 300));
        for (n, way) in ways.iter().enumerate() {
            assert!(way.seconds >= if n == 0 { 0.5 } else { 0.3 }, "{way:?}");
            assert_eq!(way.order, if way.together { TOGETHER } else { IN_TURN }, "{way:?}");
            overlapped[n] |= way.together && way.less;
        }
        assert!(!ways[0].together && !ways[0].less && ways[3].together, "{ways:?}");
        if overlapped[1..] == [true; 3] {
            return;
        }
    }
    panic!("no overlap in ten runs: {overlapped:?}");
}

#[test]
fn each_way_is_done_by_whom_it_says_and_gives_both_results() {
    let (pid, ways) = run(Program::new(PROGRAM).args(["take", "20", "10"]));
    for way in &ways {
        assert_eq!((way.by[0][2], way.by[1][2]), (3, 2), "{way:?}");
    }
    for way in [&ways[0], &ways[3]] {
        assert!(way.by.iter().all(|&[process, thread, _]| (process, thread) == (pid, pid)));
    }
    let [[a, a_thread, _], [b, b_thread, _]] = ways[1].by[..] else { panic!("{ways:?}") };
    assert!(a != b && a != pid && b != pid, "{ways:?}");
    assert_eq!((a, b), (a_thread, b_thread), "each is the only thread of its process");
    let [[a, a_thread, _], [b, b_thread, _]] = ways[2].by[..] else { panic!("{ways:?}") };
    assert_eq!((a, b), (pid, pid));
    assert!(a_thread != b_thread && a_thread != pid && b_thread != pid, "{ways:?}");
}

#[test]
fn the_longer_task_may_be_the_second_one() {
    let (_, ways) = run(Program::new(PROGRAM).args(["take", "100", "200"]));
    assert!(ways[0].seconds >= 0.3 && ways[1..].iter().all(|way| way.seconds >= 0.2), "{ways:?}");
    assert!(ways.iter().all(|way| (way.by[0][2], way.by[1][2]) == (3, 2)), "{ways:?}");
}

#[test]
fn started_with_sigchld_ignored_it_still_gets_the_results() {
    let (_, ways) = run(Program::new(PROGRAM).args(["take", "2", "1"]).ignoring(Signal::SIGCHLD));
    assert_eq!((ways[1].by[0][2], ways[1].by[1][2]), (3, 2), "{ways:?}");
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).args(["take", "2", "1"]).max_files(16).run().succeeded();
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, part) in [
        (&["half"][..], "no role is called 'half'"),
        (&["--seconds"], "invalid option '--seconds'"),
        (&["take"], "the take needs MS"),
        (&["take", "1"], "the take needs MS"),
        (&["take", "0", "1"], "'0' is not a time from 1 to 60000 ms"),
        (&["take", "1", "60001"], "'60001' is not a time"),
        (&["take", "1", "long"], "'long' is not a time"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(2, part);
    }
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    for part in ["the whole lesson", "-- full", "-- take MS MS"] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
}
