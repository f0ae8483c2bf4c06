//! Who is who: the names that Rust knows, and the tasks that the kernel knows.

use std::io::{self, Write as _};
use std::sync::mpsc;
use std::{fs, thread};

use cli::Outcome;
use nix::unistd::{Pid, gettid};

pub(crate) fn show() -> Outcome {
    let mut out = io::stdout();
    let pid = std::process::id();
    writeln!(out, "one process, {pid}, and in /proc/self/task:")?;
    tell("main", (gettid(), thread::current().name().map(str::to_owned)))?;

    // A thread ends when its function returns. These wait until nobody can let them go any more:
    // the end of a channel is a message to all who listen.
    let (say, said) = mpsc::channel();
    let mut threads = Vec::new();
    for (what, name) in [
        // CPython would call it "Thread-1 (target)".
        ("without a name", None),
        ("with a name", Some("baker")),
        ("with a long name", Some("the-night-shift-baker")),
    ] {
        let (let_go, wait) = mpsc::channel::<()>();
        let say = say.clone();
        // Builder, and not thread::spawn: it takes a name, and a refusal by the system (EAGAIN) is
        // an error instead of a panic.
        let mut builder = thread::Builder::new();
        if let Some(name) = name {
            builder = builder.name(name.into());
        }
        let thread = builder.spawn(move || {
            // threading.current_thread()
            let me = thread::current();
            let sent = say.send((gettid(), me.name().map(str::to_owned)));
            // Err, the end of the channel, is what it waits for.
            let _ = wait.recv();
            sent
        })?;
        // One after the other: the next is started when this one has said who it is.
        tell(what, said.recv()?)?;
        threads.push((thread, let_go));
    }

    let tasks = fs::read_dir("/proc/self/task")?.count();
    writeln!(out, "  {tasks} tasks: main and the three, in parallel if there are processors")?;

    for (thread, let_go) in threads {
        drop(let_go);
        thread.join().map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

/// What std calls it, and what the kernel does: at most 15 bytes, and without a name of its own
/// that of the thread that made it. This is what `ps -L` and `top -H` show.
fn tell(what: &str, (tid, name): (Pid, Option<String>)) -> Outcome {
    let kernel = fs::read_to_string(format!("/proc/self/task/{tid}/comm"))?;
    let std = name.unwrap_or_else(|| "no name".into());
    writeln!(io::stdout(), "  {what:<16} TID {tid}: {std} for std, {} for ps", kernel.trim())?;
    Ok(())
}
