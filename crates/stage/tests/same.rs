//! Under the stage a demo says what it says without, and ends as it does without.

#![cfg(feature = "kept")]
#![allow(clippy::unwrap_used, reason = "without them a test has failed")]

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use testkit::Program;
use trace::{End, Error, Options, Stream, Tracer};

/// Nobody has two tracers (ptrace(2), EPERM), so what a demo finds out by tracing its own child is
/// what the stage takes away from it.
const TAKEN: &[(&str, &str)] = &[("day04-proc", "stopped for its debugger")];
/// What a demo finds out by a clock is about its tracer, too, where it has one: with what follows
/// these words they are not compared.
const MEASURED: &[&str] = &["the process costs more: ", "less than the sum: ", "the machine was "];
/// Others wait against a clock: "more than twice the limit: false" is so on a machine that has time.
const CHANCES: usize = 3;

/// What a program has said, and how it has ended.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    end: Option<End>,
    out: Vec<String>,
    err: Vec<String>,
}

impl Said {
    fn new(demo: &str, end: Option<End>, out: &str, err: &str) -> Self {
        Self { end, out: lines(demo, out), err: lines(demo, err) }
    }
}

fn lines(demo: &str, text: &str) -> Vec<String> {
    let taken = |line: &str| TAKEN.iter().any(|(of, part)| *of == demo && line.contains(part));
    let mut lines: Vec<_> = text.lines().filter(|line| !taken(line)).map(shape).collect();
    // How many reads a stream takes is nobody's promise, and the lines that tell them are alike.
    lines.dedup();
    lines
}

/// Without what is of one run alone: ports, ids, times and, in tables, the room that they take.
fn shape(line: &str) -> String {
    let measured = MEASURED.iter().find_map(|part| Some(line.find(part)? + part.len()));
    let mut shape = String::new();
    for letter in line[..measured.unwrap_or(line.len())].trim_end().chars() {
        let letter = if letter.is_ascii_digit() { '#' } else { letter };
        if !(matches!(letter, '#' | ' ') && shape.ends_with(letter)) {
            shape.push(letter);
        }
    }
    shape
}

fn plainly(name: &str, program: &Path) -> Said {
    let done = Program::new(program).limit(Duration::from_mins(2)).run();
    Said::new(name, done.status.code().map(End::Code), &done.stdout, &done.stderr)
}

fn under_the_stage(name: &str, program: &Path, root: &Path) -> Result<Said, Error> {
    let mut tracer = Tracer::start(Options::new(program).root(root).state(false))?;
    let (mut out, mut err) = (String::new(), String::new());
    while let Some(step) = tracer.step()? {
        match step.output {
            Some(said) if said.stream == Stream::Out => out.push_str(&said.text),
            Some(said) => err.push_str(&said.text),
            None => {}
        }
    }
    Ok(Said::new(name, tracer.end(), &out, &err))
}

/// The folders below this one, by name.
fn below(folder: &Path) -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap());
    let named = folders.map(|folder| (folder.file_name().into_string().unwrap(), folder.path()));
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

/// The demos, and the sessions with the capstones: where they are built, and from what.
fn programs() -> Vec<(PathBuf, PathBuf)> {
    let crates = below(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    let built = Path::new(env!("CARGO_BIN_EXE_stage")).parent().unwrap();
    let demos = crates.iter().filter(|(name, _)| name.starts_with("day"));
    let demos = demos.map(|(name, folder)| (built.join(name), folder.clone()));
    let examples = crates.iter().filter(|(name, _)| name.starts_with("capstone"));
    let examples = examples.flat_map(|(_, folder)| {
        let sessions = below(&folder.join("examples")).into_iter();
        let sessions = sessions.filter(|(name, _)| name.ends_with("-session"));
        sessions.map(|(name, _)| (built.join("examples").join(name), folder.clone()))
    });
    demos.chain(examples).collect()
}

/// Whether it was compared: nothing can be where tracing is denied.
fn is_compared(program: &Path, root: &Path) -> bool {
    let name = program.file_name().unwrap().to_string_lossy();
    for chance in 1..=CHANCES {
        let traced = match under_the_stage(&name, program, root) {
            Err(Error::Denied(_)) => return false,
            traced => traced.unwrap(),
        };
        let plain = plainly(&name, program);
        if traced == plain {
            break;
        }
        assert!(chance < CHANCES, "{name}\nwithout: {plain:#?}\nunder the stage: {traced:#?}");
    }
    true
}

/// The programs have to be built: `cargo test` of the whole workspace does that. Two at a time,
/// because most of them sleep most of the time.
#[test]
fn programs_say_what_they_say_and_end_as_they_end() {
    let programs = programs();
    assert!(programs.len() >= 40, "{programs:?}");
    let next = Mutex::new(programs.iter());
    let take = || next.lock().unwrap().next();
    let work = || std::iter::from_fn(take).all(|(program, root)| is_compared(program, root));
    let compared = std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.map(|worker| worker.join().unwrap())
    });
    if !compared.into_iter().all(|compared| compared) {
        testkit::skip!("this system does not allow one process to trace another");
    }
}
