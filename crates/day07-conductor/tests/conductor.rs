//! The demo as its users meet it: at a terminal, with keys.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::os::fd::OwnedFd;

use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::Pid;
use testkit::leaks::Holdings;
use testkit::lesson::{into_nobodys_pipe, onto_a_full_disk};
use testkit::pty::Pty;
use testkit::{Program, Running, proc, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day07-conductor");
const STARTS: &str = "老司机开车了";
const FAST: &str = "车速有点快，系好安全带";
const ARRIVED: &str = "到站了请下车";

/// The ride at a terminal, and the two who are on it.
struct Ride {
    running: Running,
    driver: u32,
    conductor: u32,
}

impl Ride {
    fn at(pty: &Pty, program: Program) -> Self {
        let ride = Self::watch(pty.attach(program).unwrap().spawn());
        assert_eq!(proc::stat(ride.conductor).unwrap().parent, ride.driver);
        ride
    }

    fn watch(mut running: Running) -> Self {
        let line = running.line("driver");
        let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
        let (driver, conductor) = (numbers.next().unwrap(), numbers.next().unwrap());
        assert_eq!(driver, running.pid());
        Self { running, driver, conductor }
    }

    /// The next line is this one's, and says this.
    #[track_caller]
    fn says(&mut self, who: &str, what: &str) {
        let pid = if who == "driver" { self.driver } else { self.conductor };
        assert_eq!(self.running.line(""), format!("{who} {pid}: {what}"));
    }

    #[track_caller]
    fn ends_well(mut self) {
        self.says("driver", "the conductor has left with code 0, so do I");
        // Reaped by then: not even a zombie is left of it.
        assert!(proc::stat(self.conductor).is_none());
        self.running.wait().succeeded();
    }
}

fn live() -> Program {
    Program::new(PROGRAM).args(["live"])
}

/// What stty shows.
fn modes(terminal: &OwnedFd) -> Termios {
    tcgetattr(terminal).unwrap()
}

#[test]
fn three_keys_get_three_answers_and_the_conductor_leaves_first() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => testkit::skip!("no pseudo-terminal here: {error}"),
    };
    let terminal = pty.terminal().unwrap();
    let before = modes(&terminal);
    let mut ride = Ride::at(&pty, live());
    for _ in 0..2 {
        pty.press("\x03").unwrap();
        ride.says("driver", STARTS);
        pty.press("\x1c").unwrap();
        ride.says("driver", FAST);
    }
    pty.press("\x1a").unwrap();
    ride.says("conductor", ARRIVED);
    ride.ends_well();
    assert_eq!(modes(&terminal), before);
}

#[test]
fn keys_in_a_heap_lose_nobody() {
    let Ok(mut pty) = Pty::open() else { testkit::skip!("no pseudo-terminal here") };
    for _ in 0..20 {
        let mut ride = Ride::at(&pty, live());
        // Signals of a kind that come at once are one; at least one of each has its answer, and
        // nobody stays.
        pty.press("\x03\x1c\x03\x03\x1c\x1a\x1a").unwrap();
        let mut lines = Vec::new();
        loop {
            let line = ride.running.line("");
            if line.ends_with("so do I") {
                break;
            }
            lines.push(line);
        }
        for part in [STARTS, FAST, ARRIVED] {
            assert!(lines.iter().any(|line| line.ends_with(part)), "{part}: {lines:#?}");
        }
        ride.running.wait().succeeded();
    }
}

#[test]
fn keys_pressed_before_anybody_is_ready_are_kept() {
    let Ok(mut pty) = Pty::open() else { testkit::skip!("no pseudo-terminal here") };
    // Blocked from outside, as a shell script may leave it: from the first instruction on.
    let Some(python) = testkit::need::program("python3") else { testkit::skip!("no python3") };
    let script = "import os, signal, sys; \
        signal.signal(signal.SIGCHLD, signal.SIG_IGN); \
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); \
        print('blocked', flush=True); sys.stdin.readline(); \
        os.execv(sys.argv[1], sys.argv[1:])";
    let program = Program::new(python).args(["-c", script, PROGRAM, "live"]);
    let mut running = pty.attach(program).unwrap().spawn();
    running.line("blocked");
    // The signals are pending in what becomes the driver: a child does not inherit those, so it
    // is his own key that counts, and the other two are ignored.
    pty.press("\x03\x1c\x1a\n").unwrap();
    let mut ride = Ride::watch(running);
    ride.says("conductor", ARRIVED);
    ride.ends_well();
}

#[test]
fn started_with_the_signals_ignored_it_works() {
    let Ok(mut pty) = Pty::open() else { testkit::skip!("no pseudo-terminal here") };
    let script = "trap '' HUP INT QUIT TSTP USR1 USR2 CHLD TTOU; exec \"$0\" live";
    let mut ride = Ride::at(&pty, Program::new("sh").args(["-c", script, PROGRAM]));
    pty.press("\x03").unwrap();
    ride.says("driver", STARTS);
    pty.press("\x1c").unwrap();
    ride.says("driver", FAST);
    pty.press("\x1a").unwrap();
    ride.says("conductor", ARRIVED);
    ride.ends_well();
}

#[test]
fn without_a_terminal_kill_is_the_keyboard() {
    let mut ride = Ride::watch(live().spawn());
    let group = Pid::from_raw(ride.driver.cast_signed());
    for (signal, answer) in [(Signal::SIGINT, STARTS), (Signal::SIGQUIT, FAST)] {
        killpg(group, signal).unwrap();
        ride.says("driver", answer);
    }
    killpg(group, Signal::SIGTSTP).unwrap();
    ride.says("conductor", ARRIVED);
    ride.ends_well();
}

#[test]
fn nobody_waits_for_a_partner_who_has_gone() {
    let ride = Ride::watch(live().spawn());
    kill(Pid::from_raw(ride.conductor.cast_signed()), Signal::SIGKILL).unwrap();
    ride.running.wait().failed(1, "the conductor has failed: SIGKILL");

    let ride = Ride::watch(live().spawn());
    kill(Pid::from_raw(ride.driver.cast_signed()), Signal::SIGKILL).unwrap();
    until("the conductor leaves", || {
        proc::stat(ride.conductor).is_none_or(|stat| stat.state == 'Z').then_some(())
    });
    assert_eq!(ride.running.wait().signal(), Some(9));
}

#[test]
fn both_sleep_and_hold_what_they_need() {
    let ride = Ride::watch(live().spawn());
    // What whoever runs the tests has left open is passed on to everybody.
    let inherited: Vec<_> = Holdings::now().descriptors.into_values().collect();
    // The signals; the line between the two; and the driver's pidfd.
    for (pid, own) in [
        (ride.driver, &["[pidfd]", "[signalfd]", "pipe"][..]),
        (ride.conductor, &["[signalfd]", "pipe"]),
    ] {
        until("both sleep", || (proc::stat(pid)?.state == 'S').then_some(()));
        let held = Holdings::of(pid).descriptors.into_iter().filter(|(number, _)| *number > 2);
        let held = held.map(|(_, what)| what);
        // A pipe's number is its own; those of anonymous inodes are all alike.
        let held = held.filter(|what| what.contains("anon_inode") || !inherited.contains(what));
        let mut held: Vec<_> = held
            .map(|what| what.replace("anon_inode:", "").split(':').next().unwrap().to_owned())
            .collect();
        held.sort();
        assert_eq!(held, own);
    }
    ride.running.signal(Signal::SIGTSTP);
    ride.running.wait().succeeded();
}

#[test]
fn the_lesson_presses_the_keys_itself() {
    let plain = |told: &str| {
        let part = |c: char| if c.is_ascii_digit() { '#' } else { c };
        let told: String = told.chars().map(part).collect();
        told.split('#').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("N")
    };
    let keys = "driver N, conductor N, both in group N\n  \
        ^C  driver N: 老司机开车了\n  \
        ^\\  driver N: 车速有点快，系好安全带\n  \
        ^Z  conductor N: 到站了请下车\n      \
        driver N: the conductor has left with code N, so do I\n";
    if Pty::open().is_ok() {
        let done = Program::new(PROGRAM).run();
        done.succeeded();
        let end = "shell N, group N of the same terminal: keys that came here []\n  \
            what it sees of the driver: code N\n";
        assert_eq!(plain(&done.stdout), format!("{keys}{end}"));
        assert!(done.stdout.ends_with("code 0\n"), "{}", done.stdout);
    }
    let done = Program::new(PROGRAM).args(["kill"]).run();
    done.succeeded();
    assert_eq!(plain(&done.stdout), format!("{keys}the end of the driver: code N\n"));
}

#[test]
fn the_lesson_started_with_signals_ignored_sees_the_same() {
    for role in ["", "kill"] {
        let script = format!("trap '' HUP INT QUIT TSTP TTOU USR1 CHLD; exec \"$0\" {role}");
        let done = Program::new("sh").args(["-c", &script, PROGRAM]).run();
        done.succeeded();
        assert!(done.stdout.ends_with("driver: code 0\n"), "{}", done.stdout);
    }
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["bus"]).run().failed(2, "no role is called 'bus'");
    Program::new(PROGRAM).args(["live", "1"]).run().failed(2, "one argument too many");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("-- live\n"), "{}", help.stdout);
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    for role in [&[][..], &["kill"], &["live"]] {
        into_nobodys_pipe(Program::new(PROGRAM).args(role));
        onto_a_full_disk(Program::new(PROGRAM).args(role));
    }
    // A listener who leaves in the middle of the ride.
    let first = "\"$0\" | head -1 && \"$0\" kill | head -1";
    Program::new("sh").args(["-c", first, PROGRAM]).run().succeeded();
}
