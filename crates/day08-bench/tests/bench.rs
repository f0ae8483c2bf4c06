//! The demo as its users meet it. Ratios belong to the machine: what is asserted is that the table
//! is whole, that each row has done the work, and lower bounds of time.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::sync::LazyLock;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use testkit::{Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day08-bench");
const ROWS: [&str; 3] = ["Line", "Thread", "Process"];

/// One run for all who only read it.
static LESSON: LazyLock<String> = LazyLock::new(|| {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    done.stdout
});

/// The lines behind the heading that begins like this.
fn part<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let from = text.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    from.take_while(|line| !line.is_empty()).collect()
}

/// The numbers of a row, without units.
fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn the_table_is_complete() {
    let rows = part(&LESSON, "Rust ");
    assert_eq!(rows.len(), 3, "{}", *LESSON);
    for (row, name) in rows.iter().zip(ROWS) {
        assert!(row.starts_with(name), "{row}");
        assert_eq!(row.matches(" ms ").count(), 3, "{row}");
        assert_eq!(numbers(row).len(), 6, "{row}");
    }
    assert_eq!(rows[0].matches(" 1.00 ×").count(), 3, "{}", rows[0]);
}

#[test]
fn a_wait_takes_its_time() {
    for (row, least) in part(&LESSON, "Rust ").iter().zip([200.0, 20.0, 20.0]) {
        assert!(numbers(row)[4] >= least, "{row}");
    }
}

/// What ten tasks of this size find.
fn primes(size: u64) -> usize {
    let numbers = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let prime = |&n: &u64| (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
    10 * (1_000_000..1_000_000 + numbers * size).filter(prime).count()
}

/// Threads and processes are not quicker by doing less.
#[test]
fn each_row_has_done_the_same_work() {
    let rows: Vec<_> = part(&LESSON, "processor time").into_iter().map(numbers).collect();
    assert_eq!(rows.len(), 3, "{}", *LESSON);
    let line = &rows[0];
    for row in &rows {
        assert!(row[0] > 0.5 * line[0] && row[0] > 1.0, "cpu: {}", *LESSON);
        assert!(row[1] > 0.4 * line[1], "IO: {}", *LESSON);
    }
    // The computing is computing, and the waiting is not.
    assert!(line[0] > 5.0 * line[2], "{}", *LESSON);

    let primes = primes(1);
    for (done, what) in [(primes, "primes"), (10 * (8 << 20), "bytes"), (200, "ms")] {
        let line = format!("  {done} = {done} = {done} {what}");
        assert!(LESSON.contains(&line), "{line:?} is not in\n{}", *LESSON);
    }
}

#[test]
fn the_notes_stand_beside_it() {
    let rows = part(&LESSON, "the notes' Python");
    let ratios: Vec<_> = rows.into_iter().map(numbers).collect();
    assert_eq!(ratios, [[1.0, 1.0], [0.97, 0.96], [1.95, 1.67]], "{}", *LESSON);
}

#[test]
fn python_has_a_row_where_it_is() {
    let works = need::program("python3").is_some()
        && Program::new("python3").args(["-c", "import multiprocessing"]).run().status.success();
    if !works {
        skip!("python3 is not installed");
    }
    let rows = part(&LESSON, "Python 3");
    assert_eq!(rows.len(), 3, "{}", *LESSON);
    assert!(rows.iter().all(|row| numbers(row).len() == 3), "{}", *LESSON);
    // Ten sleeps at once take less than ten in a row: the lock is given up while waiting. That is
    // the ratio which no load of the machine can turn around.
    assert!(numbers(rows[1])[2] > 1.0, "{}", *LESSON);
}

/// Absent, or broken: said aloud, and no failure.
#[test]
fn without_python_the_rest_is_whole() {
    let done = Program::new(PROGRAM).env("PATH", "/nonexistent").run();
    done.succeeded();
    assert!(done.stdout.contains("no row from Python: python3 does not start: "), "{done:?}");
    assert_eq!(part(&done.stdout, "Rust ").len(), 3);
    assert_eq!(part(&done.stdout, "the notes' Python").len(), 3);
}

#[test]
fn it_says_how_many_processors_it_may_use() {
    // Of this thread, and of what it starts.
    let all = sched_getaffinity(Pid::from_raw(0)).unwrap();
    let first = (0..CpuSet::count()).find(|&n| all.is_set(n).unwrap()).unwrap();
    let mut one = CpuSet::new();
    one.set(first).unwrap();
    sched_setaffinity(Pid::from_raw(0), &one).unwrap();
    let done = Program::new(PROGRAM).env("PATH", "/nonexistent").run();
    done.succeeded();
    let line = "processors that we may use (sched_getaffinity): 1\n";
    assert!(done.stdout.contains(line), "{}", done.stdout);
    // One processor is enough to wait for ten at once: less than the 200 ms that Line sleeps.
    let rows = part(&done.stdout, "Rust ");
    assert!(numbers(rows[1])[5] > 1.0 && numbers(rows[2])[5] > 1.0, "{}", done.stdout);
}

#[test]
fn a_larger_size_is_more_work() {
    let done = Program::new(PROGRAM).args(["size", "2"]).env("PATH", "/nonexistent").run();
    done.succeeded();
    assert!(done.stdout.contains("  400 = 400 = 400 ms waited for\n"), "{}", done.stdout);
    assert!(done.stdout.contains(&format!(" {} primes", primes(2))), "{}", done.stdout);
    let bytes = 2 * 10 * (8 << 20);
    assert!(done.stdout.contains(&format!(" {bytes} bytes")), "{}", done.stdout);
}

#[test]
fn help_and_mistakes() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    assert!(done.stdout.contains("cargo run -p day08-bench -- size N"), "{}", done.stdout);
    for (args, part) in [
        (&["size"][..], "the size needs N"),
        (&["size", "0"], "'0' is not a size from 1 to 100"),
        (&["size", "101"], "'101' is not a size"),
        (&["size", "many"], "'many' is not a size"),
        (&["--json"], "invalid option '--json'"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(2, part);
    }
}

/// Where no file can be written, a task fails in a process of its own too.
#[test]
fn no_place_for_files_is_one_sentence() {
    Program::new(PROGRAM).env("TMPDIR", "/nonexistent").run().failed(1, "No such file");
}
