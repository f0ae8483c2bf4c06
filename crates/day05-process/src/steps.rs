//! Five steps: a function, an object, its settings, start, join. The parent does no more.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use nix::unistd::{getpid, getppid};
use process::{Deadline, Process};

pub(crate) fn run() -> Outcome {
    let parent = getpid();
    let (mut reader, mut writer) = io::pipe()?;

    // Python passes the function as `target` and its arguments as `args` and `kwargs`. A closure
    // takes what it needs with it: fork copies it, so nothing has to be turned into bytes.
    let (file, part) = ("photo.jpg", 2);
    let work = move || {
        let told = write!(writer, "{} {} {file} {part}", getpid(), getppid());
        i32::from(told.is_err())
    };

    // Nothing runs yet, and there is no pid yet: that is another type, so nobody can join it.
    let process = Process::new(work);
    // Now it is created, and runs the function and nothing else: it never comes back into this
    // code. Its writing end went with the closure, so the end of the pipe is its end.
    let mut process = process.start()?;
    let mut told = String::new();
    reader.read_to_string(&mut told)?;
    let exit = process.join(Deadline::Never)?;

    let (pid, same) = (process.pid(), told == format!("{} {parent} photo.jpg 2", process.pid()));
    let mut out = io::stdout();
    writeln!(out, "steps: this is process {parent}, it has started {pid}")?;
    writeln!(out, "  the child knows its parent and what the closure took along: {same}")?;
    writeln!(out, "  {} has ended with {}", process.name(), shown(exit))?;

    // Several: they are all started before the first is joined, or they would run one by one.
    // The list is joined in its order. The first one waits for the last, so the last ends first;
    // its end is kept by the kernel until somebody asks (it is a zombie meanwhile).
    // It waits for a byte and not for the end of the pipe: a fork copies every descriptor, so it
    // holds the writing end too, and would wait for itself.
    let (mut first_waits, mut last_tells) = io::pipe()?;
    let first = move || i32::from(first_waits.read_exact(&mut [0]).is_err());
    let last = move || i32::from(last_tells.write_all(b"!").is_err());
    // One object of each: the closures are two types, so they are started before they share a list.
    let mut both = vec![Process::new(first).start()?];
    both.push(Process::new(last).start()?);
    for process in &mut both {
        let exit = process.join(Deadline::Never)?;
        writeln!(out, "  joined {}: {}", process.name(), shown(exit))?;
    }
    Ok(())
}

pub(crate) fn shown(exit: Option<process::Exit>) -> String {
    exit.map_or_else(|| "not yet".into(), |exit| exit.to_string())
}
