//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use testkit::lesson::Told;
use testkit::{Finished, Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day06-shm");

/// Runs it to its end, and finds nothing of it in /dev/shm then.
#[track_caller]
fn run_clean(program: Program) -> Finished {
    let running = program.spawn();
    let ours = format!("day06-shm-{}-", running.pid());
    let done = running.wait();
    let left = fs::read_dir("/dev/shm").unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(&ours)).collect();
    assert!(left.is_empty(), "left in /dev/shm: {left:?}");
    done
}

/// Without what the machine has measured: the row of the race, and the table of speeds.
fn facts(told: &str) -> Told {
    let Told(mut lines) = Told::new(told);
    let speeds = lines.iter().position(|line| line.starts_with("numbers from a child")).unwrap();
    assert_eq!(lines.split_off(speeds).len(), 5, "{told}");
    let before = lines.len();
    lines.retain(|line| !line.starts_with("load and store"));
    assert_eq!(lines.len(), before - 1, "{told}");
    Told(lines)
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let done = run_clean(Program::new(PROGRAM));
    done.succeeded();
    let told = facts(&done.stdout);
    told.says([
        "to its parent the private one is 1, the shared one 10000",
        "one writes 7, then another one 8: 8",
        "two loads, then two stores: 2 updates, the value is 1",
        "fetch_add 2000000 of 2000000, lost: 0",
        "with a lock 2000000 of 2000000, lost: 0",
        "two doors, one visitor at each: counted 2 of 2",
        "two doors, many at each: counted 400000 of 400000",
        "an array of 5, squared by a child: [1, 4, 9, 16, 25], element 4: Some(25)",
        "element 5: None, setting it: None",
        "an array made by its length: [0, 0, 0]",
        "a text from a child: 共享内存, 4 characters, 12 bytes",
        "a longer one: 21 bytes, and there is room for 16",
        "a clock goes from 12:59 to 13:00, read half-way: 13:59",
        "with a lock: free half-way: false; read as soon as it is: 13:00",
        "a futex, private, as std's Mutex: woken 0, it sleeps on: S",
        "a futex, shared: woken 1, it has ended",
        "a segment in /dev/shm: 8 bytes, mode 600",
        "opened by another program, which adds 1: 1",
        "unmapped and opened again: 1",
        "unlinked: in /dev/shm: false, opening it: ENOENT",
        "whoever has it mapped goes on: 2",
        "41 → 42",
        "it has ended (exit status: 0); in /dev/shm:",
        "nothing",
    ]);
    // Without root there is nobody to play another user.
    let other = told.iter().any(|line| line == "opened by another user: EACCES");
    assert_eq!(other, nix::unistd::Uid::effective().is_root());
    assert_eq!(told, facts(&run_clean(Program::new(PROGRAM)).stdout));
}

#[test]
fn updates_are_lost_where_two_run_at_once() {
    if std::thread::available_parallelism().unwrap().get() < 2 {
        skip!("one processor: what is lost there is chance");
    }
    let done = Program::new(PROGRAM).run();
    let row = done.stdout.lines().find_map(|line| line.trim().strip_prefix("load and store"));
    let numbers: Vec<u64> =
        row.unwrap().split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
    let [counted, all, lost] = numbers[..] else { panic!("{numbers:?}") };
    assert_eq!((counted + lost, all), (2_000_000, 2_000_000));
    assert!(lost > 0);
}

#[test]
fn the_table_of_speeds() {
    let done = Program::new(PROGRAM).args(["speed"]).run();
    done.succeeded();
    let rows = ["pipe", "POSIX message queue", "two semaphores", "nobody waits"];
    for (line, row) in done.stdout.lines().skip(1).zip(rows) {
        assert!(line.contains(row), "{line}");
        let rate = line.split_whitespace().find_map(|word| word.parse::<u64>().ok());
        assert!(rate.unwrap() > 0, "{line}");
        assert!(line.ends_with("all have come") || line.ends_with("of 1000000 were seen"));
    }
    assert_eq!(done.stdout.lines().count(), 5);
}

/// A name of this test process, gone when the test has ended in any way.
struct Name(String);

impl Name {
    fn new(what: &str) -> Self {
        Self(format!("/day06-shm-test-{}-{what}", std::process::id()))
    }

    fn file(&self) -> PathBuf {
        PathBuf::from(format!("/dev/shm{}", self.0))
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.file());
    }
}

fn add(name: &Name) -> Finished {
    Program::new(PROGRAM).args(["add", &name.0]).run()
}

#[test]
fn two_programs_count_in_one_segment() {
    let name = Name::new("roles");
    let mut maker = Program::new(PROGRAM).args(["make", &name.0]).stdin_pipe().spawn();
    maker.line("holds 41");
    for expected in ["42\n", "43\n"] {
        let done = add(&name);
        done.succeeded();
        assert_eq!(done.stdout, expected);
    }
    Program::new(PROGRAM).args(["make", &name.0]).run().failed(1, "File exists (EEXIST)");
    maker.close_stdin();
    let done = maker.wait();
    done.succeeded();
    assert!(done.stdout.ends_with("holds 43\n"), "{}", done.stdout);
    assert!(!name.file().exists());
    add(&name).failed(1, "No such file or directory (ENOENT)");
}

#[test]
fn a_killed_maker_leaves_its_segment() {
    let name = Name::new("killed");
    let mut maker = Program::new(PROGRAM).args(["make", &name.0]).stdin_pipe().spawn();
    maker.line("holds 41");
    maker.signal(nix::sys::signal::Signal::SIGKILL);
    assert_eq!(maker.wait().signal(), Some(9));
    assert_eq!(add(&name).stdout, "42\n");
    let unlink = || Program::new(PROGRAM).args(["unlink", &name.0]).run();
    unlink().succeeded();
    assert!(!name.file().exists());
    unlink().failed(1, "No such file or directory (ENOENT)");
}

#[test]
fn python_sees_the_same_memory() {
    if need::program("python3").is_none() {
        skip!("python3 is not installed");
    }
    let name = Name::new("python");
    let mut maker = Program::new(PROGRAM).args(["make", &name.0]).stdin_pipe().spawn();
    maker.line("holds 41");
    let script = "import mmap, struct, sys
with open(sys.argv[1], 'r+b') as file, mmap.mmap(file.fileno(), 8) as memory:
    print(*struct.unpack('=Q', memory[:]))
    memory[:] = struct.pack('=Q', 99)";
    let file = name.file();
    let done = Program::new("python3").args(["-c", script, file.to_str().unwrap()]).run();
    done.succeeded();
    assert_eq!(done.stdout, "41\n");
    assert_eq!(add(&name).stdout, "100\n");
    maker.close_stdin();
    assert!(maker.wait().stdout.ends_with("holds 100\n"));
}

#[test]
fn mistakes_are_one_sentence() {
    let short = Name::new("short");
    fs::write(short.file(), "abc").unwrap();
    for (args, status, part) in [
        (&["share"][..], 2, "no role is called 'share'"),
        (&["--fast"], 2, "invalid option '--fast'"),
        (&["make"], 2, "the make needs NAME"),
        (&["add", "/a", "/b"], 2, "'/b' is one argument too many"),
        (&["add", "/nobody/made/this"], 1, "shm_open(/nobody/made/this): Invalid argument"),
        (&["make", "/"], 1, "shm_open(/): Invalid argument"),
        // Mapping it would work. Touching it would be SIGBUS.
        (&["add", &short.0], 1, "mmap(3 bytes)"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
}

#[test]
fn help_shows_the_roles() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for part in ["-- make NAME", "-- add NAME", "-- unlink NAME", "-- speed", "the whole lesson"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    let args = ["speed"];
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    run_clean(Program::new(PROGRAM).args(args).stdout(writer)).succeeded();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let done = run_clean(Program::new(PROGRAM).args(args).stdout(full));
    done.failed(1, "No space left on device");
}

#[test]
fn few_descriptors_are_enough() {
    run_clean(Program::new(PROGRAM).max_files(20)).succeeded();
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    // bash, because dash ignores the wish to ignore this signal.
    if need::program("bash").is_none() {
        skip!("bash is not installed");
    }
    let done = Program::new("bash").args(["-c", "trap '' CHLD; exec \"$0\"", PROGRAM]).run();
    done.succeeded();
    assert_eq!(facts(&done.stdout), facts(&Program::new(PROGRAM).run().stdout));
}
