//! join: two answers, and what an exit code says.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, raise};
use process::{Deadline, Process};

use crate::steps::shown;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "join:")?;

    // With a limit it may come back without an end. Python's join returns None in both cases, and
    // one has to ask for exitcode afterwards; here the answer says which it was.
    let (mut wait, mut go) = io::pipe()?;
    let work = move || i32::from(wait.read_exact(&mut [0]).is_err());
    let mut process = Process::new(work).start()?;
    let early = process.join(Deadline::after_millis(20))?;
    go.write_all(b"!")?;
    let end = process.join(Deadline::Never)?;
    let again = process.join(Deadline::Never)?;
    writeln!(out, "  after 20 ms: {}", shown(early))?;
    writeln!(out, "  without a limit: {}, asked again: {}", shown(end), shown(again))?;

    // 8 bits of the code arrive. A panic stays in the child and is code 101; exit(3) in the middle
    // of it is code 3. A signal has no code: its negative number stands for it, as in Python.
    let quiet = || {
        std::panic::set_hook(Box::new(|_| {}));
        panic!("on purpose")
    };
    let signal = |signal| move || raise(signal).map_or(1, |()| 0);
    let mut started = [
        ("returns 0", Process::new(|| 0).start()?),
        ("returns 263", Process::new(|| 263).start()?),
        ("calls exit(3)", Process::new(|| std::process::exit(3)).start()?),
        ("panics", Process::new(quiet).start()?),
        ("SIGTERM", Process::new(signal(Signal::SIGTERM)).start()?),
        ("SIGKILL", Process::new(signal(Signal::SIGKILL)).start()?),
    ];
    for (what, process) in &mut started {
        process.join(Deadline::Never)?;
        let code = process.exit_code()?.ok_or("it was joined")?;
        writeln!(out, "  {what:<14} {code:>4}")?;
    }

    // terminate is SIGTERM, which a process may handle; kill is SIGKILL. To one that has ended
    // they are nothing, even if its number belongs to somebody else by now.
    let mut process = Process::new(stay).start()?;
    process.terminate()?;
    let end = process.join(Deadline::Never)?;
    process.kill()?;
    writeln!(out, "  terminated: {}; a signal to it now: nothing happens", shown(end))?;
    Ok(())
}

pub(crate) fn stay() -> i32 {
    loop {
        nix::unistd::pause();
    }
}
