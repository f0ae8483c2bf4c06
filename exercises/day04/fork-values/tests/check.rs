//! A caller with a variable, a buffered log and half a line on its standard output. What a child
//! has seen is in a file; what everybody has written comes out of a pipe.

use std::fs::{self, File};
use std::io::{self, BufWriter, PipeReader, PipeWriter, Read, Write, pipe};

use fork_values::{Trial, trial};
use testkit::{equal, step};

testkit::exercise! {
    t1_two_values_of_one_variable,
    t2_every_line_once,
    t3_the_end_of_the_child,
    t4_a_panic_stays_in_the_child,
    t5_an_error_stays_in_the_child,
    t6_what_the_caller_has_printed,
}

fn t1_two_values_of_one_variable() {
    let (us, mut a) = (std::process::id(), 1);
    let result = trial(&mut a, &mut io::sink(), |a| {
        set(a, 10_000);
        7
    });
    if std::process::id() != us {
        return; // A child has come back: the harness tells.
    }
    let trial = good(result);
    let child = child_of_the_work();
    equal!(
        a,
        1,
        "the parent's a, when the child has set its own to 10000: behind fork(2) each process has a \
         memory of its own, and what one of them writes the other one never sees"
    );
    equal!(trial.child.as_raw().unsigned_abs(), child, "the pid of the child that ran work");
    equal!(trial.code, 7, "the exit status of a child whose work returned 7. {STATUS}");
}

fn t2_every_line_once() {
    let (mut reader, mut log) = buffer();
    writeln!(log, "the caller's heading").unwrap();
    step!("the log is a pipe behind a buffer, and the caller's heading is still in that buffer");
    let mut a = 1;
    let Trial { child, code } = good(trial(&mut a, &mut log, |a| {
        set(a, 10_000);
        7
    }));
    let text = end_of(&mut reader, log);
    let us = std::process::id();
    for line in ["the caller's heading".to_owned(), format!("process {us}: a = 1, before fork")] {
        let times = text.matches(&line).count();
        assert!(
            times <= 1,
            "\"{line}\" was written once, before fork, and {times} times it came out of the pipe:\n\
             {}\nIt was still in a buffer, in memory. fork(2) copies all memory, so there were two \
             such buffers, and each process has written its own",
            indented(&text)
        );
        assert!(times == 1, "\"{line}\" never came out of the pipe:\n{}", indented(&text));
    }
    for value in ["a = 1", "a = 10000"] {
        let line = format!("child {child} of {us}: {value}\n");
        assert!(
            text.contains(&line),
            "\"{}\" never came out of the pipe:\n{}\n{}",
            line.trim_end(),
            indented(&text),
            lost(&text, us)
        );
    }
    equal!(
        text.lines().collect::<Vec<_>>(),
        vec![
            "the caller's heading".to_owned(),
            format!("process {us}: a = 1, before fork"),
            format!("child {child} of {us}: a = 1"),
            format!("child {child} of {us}: a = 10000"),
            format!("process {us}: a = 1, child {child} has ended with {code}"),
        ],
        "the lines, in the order in which things have happened (the parent's last one says how the \
         child has ended, so it comes after that)"
    );
}

fn t3_the_end_of_the_child() {
    for code in [0, 255] {
        let mut a = 5;
        let trial = good(trial(&mut a, &mut io::sink(), |a| {
            set(a, 6);
            code
        }));
        equal!(trial.code, code, "the exit status of a child whose work returned {code}. {STATUS}");
    }
    let (mut reader, mut log) = buffer();
    let result = trial(&mut 1, &mut log, |a| {
        set(a, 2);
        // SAFETY: raise(3) takes a number.
        unsafe { libc::raise(libc::SIGKILL) };
        0
    });
    step!("a child was killed by SIGKILL while it worked");
    assert!(
        result.is_err(),
        "trial() returned {result:?}: the child never came to its exit, so it has no exit status, \
         and any number would be an invention (waitpid(2), WIFSIGNALED)"
    );
    let text = end_of(&mut reader, log);
    assert!(
        !text.contains("has ended with"),
        "a child without an exit status, and the log tells one:\n{}",
        indented(&text)
    );
}

fn t4_a_panic_stays_in_the_child() {
    let mut a = 1;
    let trial = good(trial(&mut a, &mut io::sink(), |a| {
        set(a, 10_000);
        panic!("this panic is a part of the test: work has found a price below zero")
    }));
    equal!(
        trial.code,
        101,
        "the exit status of a child whose work has panicked: nobody may take it for a good end, and \
         101 is what a Rust program ends with after a panic"
    );
    equal!(a, 1, "the parent's a");
}

fn t5_an_error_stays_in_the_child() {
    let us = std::process::id();
    step!("the log takes what the parent writes, and every write of the child fails");
    let result = trial(&mut 1, &mut OnlyFor(us), |_| 0);
    if std::process::id() != us {
        return; // It came back with an error: the harness tells.
    }
    assert!(
        !result.as_ref().is_ok_and(|trial| trial.code == 0),
        "trial() returned {result:?}: the child could not write its lines, and ended with 0, which \
         everybody takes for a good end. A child that has failed says so by another status"
    );
}

fn t6_what_the_caller_has_printed() {
    let (mut reader, writer) = pipe().unwrap();
    let output = Redirected::to(writer);
    print!("half a line, ");
    step!("the caller has printed half a line; std keeps it back until the line is complete");
    let result = trial(&mut 1, &mut io::sink(), |a| {
        set(a, 10_000);
        7
    });
    println!("and the rest of it");
    drop(output);
    good(result);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert!(
        text.matches("half a line").count() <= 1,
        "what the caller has printed once came out twice:\n{}\nThe child had a copy of the buffer \
         behind std's standard output, and has written it at its end: exit(3), which is what \
         std::process::exit calls, cleans up for the whole program. A forked child is no program of \
         its own, and this clean-up is its parent's (_exit(2), NOTES)",
        indented(&text)
    );
    equal!(text.trim_end(), "half a line, and the rest of it", "what the caller has printed");
}

const STATUS: &str = "waitpid(2) gives a status word: the exit status is one part of it (WEXITSTATUS), the signal \
     that has ended a child another";

/// What every `work` here does first: it tells who it is, what it finds, and sets it.
fn set(a: &mut i32, value: i32) {
    let mut seen = File::options().append(true).create(true).open("work").unwrap();
    writeln!(seen, "{} {a}", std::process::id()).unwrap();
    *a = value;
}

/// The pid of the process that has called `work`.
fn child_of_the_work() -> u32 {
    let seen = fs::read_to_string("work").unwrap_or_default();
    let seen: Vec<(u32, i32)> = seen.lines().filter_map(pair).collect();
    let us = std::process::id();
    assert!(
        !seen.iter().any(|(pid, _)| *pid == us),
        "work was called in process {us}, and that is the caller's own: its memory was changed, and \
         a crash in work would have ended it. Behind fork(2) two processes run the same lines, so \
         what only the child shall do stands in the child's branch (and a thread is no process)"
    );
    let &[(pid, found)] = seen.as_slice() else {
        panic!("trial() has returned, and work was called {} times", seen.len())
    };
    step!("work was called in process {pid}, and found a = {found}");
    equal!(found, 1, "the child's a, before it sets it: a copy of what the parent had at the fork");
    pid
}

fn pair(line: &str) -> Option<(u32, i32)> {
    let (pid, a) = line.split_once(' ')?;
    Some((pid.parse().ok()?, a.parse().ok()?))
}

/// A log that one process can write to, and its children cannot.
struct OnlyFor(u32);

impl Write for OnlyFor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::process::id() == self.0 {
            Ok(bytes.len())
        } else {
            Err(io::Error::from_raw_os_error(libc::ENOSPC))
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn good(result: io::Result<Trial>) -> Trial {
    result.unwrap_or_else(|error| {
        panic!("trial() failed, although the child has ended by itself: {error:?}")
    })
}

/// A log that keeps back what it is given, as everything does that is buffered.
fn buffer() -> (PipeReader, BufWriter<PipeWriter>) {
    let (reader, writer) = pipe().unwrap();
    (reader, BufWriter::new(writer))
}

/// All that has come, when nobody can write any more.
fn end_of(reader: &mut PipeReader, mut log: BufWriter<PipeWriter>) -> String {
    log.flush().unwrap();
    drop(log);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    text
}

/// Why a line of the child is not there.
fn lost(text: &str, us: u32) -> String {
    if text.contains("child ") && text.contains(": a = 10000") {
        return format!(
            "Another child is named, or another parent. The parent is {us}, and a process that \
             wants to know who it is asks getpid(2) itself: what was asked before fork was the \
             answer to the parent"
        );
    }
    "The child has ended, and what it had put into its copy of the buffer is gone with its memory: \
     _exit(2) writes nothing"
        .into()
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}\n")).collect::<String>().trim_end().into()
}

/// Standard output leads elsewhere until this is dropped.
struct Redirected(i32);

impl Redirected {
    fn to(writer: PipeWriter) -> Self {
        use std::os::fd::AsRawFd as _;
        io::stdout().flush().unwrap();
        // SAFETY: dup(2) takes a number; the copy is closed in `drop`.
        let saved = unsafe { libc::dup(1) };
        // SAFETY: both are open, and 1 stays open.
        unsafe { libc::dup2(writer.as_raw_fd(), 1) };
        Self(saved)
    }
}

impl Drop for Redirected {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        // SAFETY: both are open, and 1 stays open.
        unsafe { libc::dup2(self.0, 1) };
        // SAFETY: it is our own copy.
        unsafe { libc::close(self.0) };
    }
}
