//! The broken twin: threads that nobody joins.
//!
//! Watch for: everything looks well, the exit status is 0, and the work is lost. main has returned
//! before its threads had something to do. A thread without a handle is detached; it lives on,
//! but not longer than main.
//! The mistake is one loop:
//! `diff crates/day07-threads/src/records.rs crates/day07-threads/examples/detached_lost/records.rs`

mod records;

use std::io::{self, Read as _, Write as _};
use std::process::{Command, ExitCode, Stdio};

use cli::{Demo, Outcome, Role};

fn main() -> ExitCode {
    let about = "Threads that nobody joins: compare its records.rs with that of the demo.";
    let roles = &[Role {
        name: "records",
        args: &[],
        help: "three threads, each would save one line that is typed",
        run: |_| records::main(),
    }];
    Demo { id: cli::id!(), about, lesson, roles }.main()
}

/// Starts this program in its role `records`, whose records come a little late, and counts.
fn lesson() -> Outcome {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("records")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    let mut said = String::new();
    // Until all of its output is over: with an open input, the end can only be main's.
    child.stdout.take().ok_or("no output")?.read_to_string(&mut said)?;
    let status = child.wait()?;
    let late = input.write_all(b"one\ntwo\nthree\n");
    let mut out = io::stdout();
    out.write_all(said.as_bytes())?;
    writeln!(out, "main has returned, {status}, and no error was reported")?;
    let late = late.map_or_else(|error| error.to_string(), |()| "it worked".into());
    writeln!(out, "handing in three records now: {late}")?;
    let saved = said.lines().filter(|line| line.starts_with("saved ")).count();
    writeln!(out, "{saved} of 3 records saved")?;
    Ok(())
}
