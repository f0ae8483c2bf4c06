//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use nix::sys::signal::Signal;
use nix::unistd::getpid;
use process::procfs::Stat;
use testkit::lesson::{Told, into_nobodys_pipe, onto_a_full_disk};
use testkit::{Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-proc");

fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

/// Every number taken for one: PIDs are others on each run.
fn without_numbers(told: &[String]) -> Vec<String> {
    let mark = |c: char| if c.is_ascii_digit() { '#' } else { c };
    let line = |line: &String| line.chars().map(mark).collect::<String>();
    let mut told: Vec<String> = told.iter().map(line).collect();
    for line in &mut told {
        while line.contains("##") {
            *line = line.replace("##", "#");
        }
    }
    told
}

/// Niceness is inherited: this test may run under nice.
fn niceness() -> i32 {
    Stat::of(getpid()).unwrap().nice
}

fn letter(nice: i32) -> &'static str {
    match nice.signum() {
        -1 => "<",
        0 => "",
        _ => "N",
    }
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    let nice = niceness();
    let (same, nicer) = (letter(nice), letter((nice + 5).min(19)));
    for line in [
        "the same file on the disk: true, started in this order: true",
        "writable memory that others see too: 0 and 0 mappings",
        "the first is killed, their states are Z and S",
        "it reads, and there is nothing S waiting",
        "it computes R ready or running",
        "SIGSTOP T waiting",
        "SIGCONT: it computes on R ready or running",
        "it has what it wanted, and reads again S waiting",
        "it has ended, its parent knows nothing Z terminated",
        "its parent has waited - no process any more",
        &format!("nothing special S{same}"),
        &format!("has a child of its own S{same}"),
        &format!("has two threads S{same}l"),
        &format!("niceness raised by 5 S{nicer}"),
        &format!("leads a session S{same}s"),
        &format!("nice, two threads, leads a session S{nicer}sl"),
        "stat: name 'a) R (b', state S,",
        "stat: name 'two words', state S,",
        "the tree below this process",
        &format!("niceness {nice} was inherited"),
        "of a process that does not exist: Err(ESRCH)",
    ] {
        assert!(
            told.iter().any(|l| l.starts_with(line)),
            "{line:?} is not in\n{}",
            told.join("\n")
        );
    }
    let turns = told.iter().find(|line| line.contains("concurrently")).unwrap();
    let (_, place) = turns.split_once("states R and R, processors ").unwrap();
    let (a, b) = place.split_once(" and ").unwrap();
    assert_eq!(a, b, "two in state R on one processor");
    assert_eq!(without_numbers(&told), without_numbers(&lesson().0));
}

/// Each of these may be refused, by a container or for want of privilege; then that is what the
/// lesson says.
#[test]
fn what_a_machine_may_refuse() {
    let told = lesson();
    let row = |start: &str| {
        let line = told.iter().find_map(|line| line.strip_prefix(start));
        line.unwrap_or_else(|| panic!("{start:?} is not in\n{}", told.join("\n"))).trim()
    };
    let nice = niceness();
    for (start, answer) in [
        ("another one, stopped for its debugger", "t waiting"),
        ("niceness lowered by 5", &format!("S{}", letter((nice - 5).max(-20)))),
        ("in front of a terminal of its own", &format!("S{}s+", letter(nice))),
        ("set to -1:", "allowed here, and getpriority gives Ok(-1)"),
    ] {
        let found = row(start);
        let refused = found.contains("refused by E") || found.starts_with('E');
        assert!(found == answer || refused, "{start}: {found}");
    }
    let steps = row("9 more:");
    let start = nice.max(-1);
    let more = |more: i32| (start + more).min(19);
    assert_eq!(steps, format!("{}; 5 more: {}; 100 more: 19", more(9), more(14)));
    assert!(told.contains(&"/proc says 19, and PR in top is 39".to_owned()), "{told:?}");
    let less = told.iter().find(|line| line.contains("makes itself less nice")).unwrap();
    assert!(less.ends_with("Err(EACCES)"), "{less}");
    let others = told.iter().find(|line| line.contains("changes PID 1")).unwrap();
    let same_user = others.contains("PID 1 of user 0:") == less.contains("user 0 ");
    assert!(others.ends_with(if same_user { "Ok(())" } else { "Err(EPERM)" }), "{less} {others}");
}

#[test]
fn the_tree_is_made_of_its_own_processes() {
    let told = lesson();
    let at = told.iter().position(|line| line == "the tree below this process").unwrap();
    let names: Vec<&str> =
        told[at + 1..].iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names[..4], ["day04-proc", "baker", "child", "butcher"]);
}

#[test]
fn niceness_is_added_to_what_is_inherited() {
    if need::program("nice").is_none() {
        skip!("nice is not installed");
    }
    let command = ["-n", "9", "nice", "-n", "5", PROGRAM, "nice"];
    let done = Program::new("nice").args(command).run();
    done.succeeded();
    let expected = (niceness() + 14).min(19);
    assert!(done.stdout.starts_with(&format!("niceness {expected} was")), "{}", done.stdout);
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    let done = Program::new(PROGRAM).ignoring(Signal::SIGCHLD).run();
    done.succeeded();
    assert_eq!(without_numbers(&Told::new(&done.stdout).0), without_numbers(&lesson().0));
    Program::example("split_on_blanks").ignoring(Signal::SIGCHLD).run().succeeded();
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, status, part) in [
        (&["spoon"][..], 2, "no role is called 'spoon'"),
        (&["--fast"], 2, "invalid option '--fast'"),
        (&["watch"], 2, "the watch needs PID"),
        (&["watch", "init"], 2, "'init' is not a PID"),
        (&["watch", "0"], 2, "'0' is not a PID"),
        (&["watch", "-1"], 2, "invalid option '-1'"),
        (&["tree", "99999999999"], 2, "'99999999999' is not a PID"),
        // Above the largest pid_max that Linux allows.
        (&["watch", "4194305"], 1, "there is no process 4194305"),
        (&["tree", "4194305"], 1, "there is no process 4194305"),
        (&["be"], 2, "the be needs KIND"),
        (&["be", "happy"], 2, "no KIND is called 'happy'"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    for part in ["the whole lesson", "-- watch PID", "-- tree [PID]", "-- be KIND [NAME]"] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    for role in [&[][..], &["nice"], &["tree"], &["watch", "1"]] {
        into_nobodys_pipe(Program::new(PROGRAM).args(role));
        onto_a_full_disk(Program::new(PROGRAM).args(role));
    }
}
