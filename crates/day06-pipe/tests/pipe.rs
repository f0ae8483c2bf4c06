//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;
use testkit::lesson::{Told, into_nobodys_pipe, onto_a_full_disk};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day06-pipe");

fn told(args: &[&str]) -> Told {
    Told::by(Program::new(PROGRAM).args(args))
}

#[test]
fn the_table_shows_what_each_kind_is() {
    let rows = told(&["kinds"]);
    rows.says([
        "pipe pipe:[N] FIFO read abcde",
        "message queue /lesson-N (deleted) file both abc",
        "shared memory /memfd:lesson (deleted) file both dec",
        "socket (stream) socket:[N] socket both abcde",
    ]);
    // How the kernel calls these has changed over the years.
    let out = |kind: &str| rows.0.iter().find(|row| row.starts_with(kind)).unwrap().clone();
    assert!(out("signal").ends_with("SIGUSR1, 1 time"), "{rows:?}");
    assert!(out("semaphore").ends_with("1 of 5"), "{rows:?}");
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let lesson = told(&[]);
    lesson.says([
        "a read gives 6 bytes: onetwo",
        "a read gives 5 bytes: three",
        "in between, the pipe is empty and the child in state S",
        "writing to the read end: Err(EBADF)",
        "answers: PING and PONG, 8 bytes until the end",
        "before the fork: 1, behind it in the parent: 1",
        "the parent has written 5 bytes and closed: 0",
        "the child, which has inherited 1: 5 bytes, 0 write ends here, \
         poll says PollFlags(POLLHUP), read gives 0",
        "full, 1 byte read: writing 1: Err(EAGAIN); a page read: Ok(1)",
        "PIPE_BUF is 4096; a pipe of 8192 bytes",
        "write 4096: Ok(4096), then 4097: Ok(4096)",
        "where its rest begins, with another writer in between: bcb",
        "with 3192 bytes free, write 4096: Err(EAGAIN)",
        "3 processes, 600 writes of 4096 bytes: 0 mixed",
        "the reader has gone: write: Err(EPIPE), poll for POLLOUT: PollFlags(POLLOUT | POLLERR)",
        "with the default for SIGPIPE: SIGPIPE",
        "typed frames, one write and 7 reads: Number(-7), Text(\"你好\"), Text(\"\"), Bye",
        "a frame of no type that we know: no message: x?",
    ]);
    assert_eq!(lesson, told(&[]));
}

/// 64 KiB, unless this user has many pipes already (pipe-user-pages-soft): but always what
/// F_GETPIPE_SZ says.
#[test]
fn a_pipe_takes_what_the_kernel_says() {
    let lesson = told(&[]);
    let row = |size: &str| {
        let start = format!("of {size} bytes: it has taken ");
        let rest = lesson.iter().find_map(|line| line.strip_prefix(&start)).unwrap();
        let (taken, size) = rest.split_once(", F_GETPIPE_SZ says ").unwrap();
        (taken.parse::<u32>().unwrap(), size.parse::<u32>().unwrap())
    };
    for size in ["1", "4096"] {
        let (taken, says) = row(size);
        assert_eq!(taken, says);
    }
    let (taken, says) = row("1000");
    assert_eq!(taken, says / 4096 * 4000, "four writes to a page, and its rest stays empty");
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["child"]).run().failed(2, "no role is called 'child'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    Program::new(PROGRAM).args(["kinds", "x"]).run().failed(2, "'x' is one argument too many");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the table of IPC kinds"), "{}", help.stdout);
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    for role in [&[][..], &["kinds"]] {
        into_nobodys_pipe(Program::new(PROGRAM).args(role));
        onto_a_full_disk(Program::new(PROGRAM).args(role));
    }
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(24).run().succeeded();
}
