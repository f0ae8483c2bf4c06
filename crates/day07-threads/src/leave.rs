//! The end of main is the end of the process, and of every thread in it.
//!
//! The notes say that it does not affect the others. In Python the interpreter joins all threads
//! that are not daemons before it leaves; Rust and C do not: every thread is a daemon there.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::{fs, thread};

use cli::Outcome;

/// The role: a thread that never ends, and a main that returns when a line is typed.
pub(crate) fn main() -> Outcome {
    let (say, said) = mpsc::channel();
    thread::Builder::new().name("for-ever".into()).spawn(move || {
        let _ = say.send(());
        loop {
            // Sleeps until somebody unparks it, which nobody does.
            thread::park();
        }
    })?;
    said.recv()?;
    writeln!(io::stdout(), "the thread has begun")?;
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// The lesson: watches such a process from outside.
pub(crate) fn show() -> Outcome {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("leave")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let mut said = String::new();
    BufReader::new(output.ok_or("no output")?).read_line(&mut said)?;

    let mut tasks = Vec::new();
    for task in fs::read_dir(format!("/proc/{}/task", child.id()))? {
        tasks.push(fs::read_to_string(task?.path().join("comm"))?.trim().to_owned());
    }
    // /proc promises no order.
    tasks.sort();

    // The end of its input makes main return. The thread gets no word.
    drop(input);
    let status = child.wait()?;
    let mut out = io::stdout();
    writeln!(out, "a process of the tasks {}", tasks.join(" and "))?;
    writeln!(out, "  main returns: {status}, and for-ever is over")?;
    Ok(())
}
