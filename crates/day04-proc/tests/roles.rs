//! The roles, beside ps and beside the finished form of this reader.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use process::Pid;
use process::procfs::{self, Stat, pids};
use testkit::pty::Pty;
use testkit::{Program, need, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-proc");

/// A process in the role `be`. It is no leader of a process group, unlike a `Program`, so that it
/// may lead a session.
struct Being {
    child: Child,
    said: String,
}

impl Being {
    fn start(kind: &str, name: &str) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["be", kind, name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        Self { child, said: said.trim_end().into() }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    fn turn(&self) {
        self.child.stdin.as_ref().unwrap().write_all(b"\n").unwrap();
    }

    fn until(&self, state: char) {
        until_state(self.pid(), state);
    }
}

impl Drop for Being {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn until_state(pid: Pid, state: char) {
    until(&format!("{pid} is in state {state}"), || {
        Stat::of(pid).ok().filter(|stat| stat.state.letter() == state)
    });
}

/// What the role `tree` says about one process: its name and its letters.
fn shown(pid: Pid) -> (String, String) {
    let done = Program::new(PROGRAM).args(["tree", &pid.to_string()]).run();
    done.succeeded();
    let first = done.stdout.lines().next().unwrap().trim_start();
    let (name, letters) = first.split_once(&format!(" {pid} ")).unwrap();
    (name.into(), letters.into())
}

fn ps(pid: Pid) -> String {
    let done = Program::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).run();
    done.succeeded();
    done.stdout.trim().into()
}

#[test]
fn the_letters_are_those_of_ps_and_of_the_finished_form() {
    let has_ps = need::program("ps").is_some();
    let compare = |what: &str, pid| {
        let (_, letters) = shown(pid);
        assert_eq!(letters, procfs::letters(pid).unwrap(), "{what}");
        if has_ps {
            assert_eq!(letters, ps(pid), "{what}");
        }
    };
    for kind in ["plain", "parent", "threads", "nice", "less-nice", "session", "terminal", "all"] {
        let being = Being::start(kind, kind);
        assert!(being.said == "ready" || being.said.starts_with("refused by E"), "{}", being.said);
        being.until('S');
        compare(kind, being.pid());
    }
    let mut being = Being::start("plain", "states");
    being.turn();
    being.until('R');
    compare("computing", being.pid());
    kill(being.pid(), Signal::SIGSTOP).unwrap();
    being.until('T');
    compare("stopped", being.pid());
    kill(being.pid(), Signal::SIGCONT).unwrap();
    drop(being.child.stdin.take());
    being.until('Z');
    compare("a zombie", being.pid());
    if !has_ps {
        skip!("no ps here to compare with");
    }
}

#[test]
fn names_are_read_as_they_are() {
    for name in ["two words", "a) R (b", ") Z 1 1 (", "(((", "进程", "longer than fifteen bytes"]
    {
        let being = Being::start("plain", name);
        being.until('S');
        let (found, letters) = shown(being.pid());
        assert_eq!(found, Stat::of(being.pid()).unwrap().name);
        assert_eq!(found, name[..name.len().min(15)]);
        assert!(letters.starts_with('S'), "{letters}");
    }
}

#[test]
fn watch_tells_each_state_until_the_end() {
    let mut being = Being::start("plain", "watched");
    being.until('S');
    let mut watch = Program::new(PROGRAM).args(["watch", &being.pid().to_string()]).spawn();
    watch.line(&format!("{} watched", being.pid()));
    watch.line("  S");
    being.turn();
    watch.line("  R");
    kill(being.pid(), Signal::SIGSTOP).unwrap();
    watch.line("  T");
    kill(being.pid(), Signal::SIGCONT).unwrap();
    watch.line("  R");
    being.turn();
    watch.line("  S");
    drop(being.child.stdin.take());
    watch.line("  Z");
    being.child.wait().unwrap();
    watch.line("  gone");
    watch.wait().succeeded();
}

#[test]
fn ctrl_c_ends_the_watch_and_not_the_watched() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let being = Being::start("plain", "watched");
    being.until('S');
    let watch = Program::new(PROGRAM).args(["watch", &being.pid().to_string()]);
    let mut watch = pty.attach(watch).unwrap().spawn();
    watch.line("  S");
    pty.press("\x03").unwrap();
    assert_eq!(watch.wait().signal(), Some(Signal::SIGINT as i32));
    being.until('S');
}

#[test]
fn at_a_terminal_enter_is_a_turn_and_ctrl_d_the_end() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let mut being = pty.attach(Program::new(PROGRAM).args(["be", "plain"])).unwrap().spawn();
    being.line("ready");
    let pid = Pid::from_raw(being.pid().cast_signed());
    until_state(pid, 'S');
    assert_eq!(shown(pid).1, procfs::letters(pid).unwrap());
    assert!(shown(pid).1.ends_with("s+"), "{:?}", shown(pid));
    pty.press("\n").unwrap();
    until_state(pid, 'R');
    pty.press("\n").unwrap();
    until_state(pid, 'S');
    pty.press("\x04").unwrap();
    being.wait().succeeded();
}

#[test]
fn the_tree_has_children_below_their_parents() {
    let being = Being::start("parent", "mother");
    let pid = being.pid();
    being.until('S');
    let done = Program::new(PROGRAM).args(["tree", &pid.to_string()]).run();
    done.succeeded();
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with(&format!("  mother {pid} S")), "{lines:?}");
    assert!(lines[1].starts_with("    child "), "{lines:?}");
    // Without a number it is everybody: this process too, and the two below it.
    let done = Program::new(PROGRAM).args(["tree"]).run();
    done.succeeded();
    let depth = |part: &str| {
        let line = done.stdout.lines().find(|line| line.contains(part)).unwrap();
        line.len() - line.trim_start().len()
    };
    let mother = depth(&format!("mother {pid} "));
    assert_eq!(mother, depth(&format!(" {} ", std::process::id())) + 2);
}

#[test]
fn nobody_is_left_when_a_parent_is_killed() {
    let being = Being::start("parent", "mother");
    let pid = being.pid();
    let is_child = |&child: &Pid| Stat::of(child).is_ok_and(|stat| stat.parent == pid);
    let child = pids().unwrap().into_iter().find(is_child).unwrap();
    // Stopped, it would not even notice that its input has ended.
    kill(child, Signal::SIGSTOP).unwrap();
    until_state(child, 'T');
    drop(being);
    // Whoever adopts it may take its time to wait for it.
    until("the child has ended too", || {
        Stat::of(child).map_or(true, |stat| stat.is_exiting()).then_some(())
    });
}
