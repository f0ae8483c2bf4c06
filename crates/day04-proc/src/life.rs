//! One process through all the states that can be made safely.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::Signal;

use crate::being::Being;
use crate::stat::Stat;

pub(crate) fn run() -> Outcome {
    let mut being = Being::start("plain", "life")?;
    let pid = being.pid();
    let mut rows = Vec::new();
    // The model's five states: new, ready, running, waiting, terminated. Nobody meets "new": it is
    // over before fork gives the PID to anybody.
    let mut saw = |did, letter, model| -> Outcome {
        rows.push((did, Stat::until(pid, letter)?.state, model));
        Ok(())
    };
    saw("it reads, and there is nothing", 'S', "waiting")?;
    being.turn()?;
    saw("it computes", 'R', "ready or running")?;
    // Stopped is waiting too: for SIGCONT. Ctrl-Z sends a signal of this kind.
    being.send(Signal::SIGSTOP)?;
    saw("SIGSTOP", 'T', "waiting")?;
    being.send(Signal::SIGCONT)?;
    saw("SIGCONT: it computes on", 'R', "ready or running")?;
    being.turn()?;
    saw("it has what it wanted, and reads again", 'S', "waiting")?;
    // D, a wait that not even SIGKILL ends, mostly for a disk, is no state to be asked for.
    being.end();
    saw("it has ended, its parent knows nothing", 'Z', "terminated")?;
    being.wait()?;
    let after = Stat::of(pid)?.map_or('-', |stat| stat.state);
    rows.push(("its parent has waited", after, "no process any more"));

    // Under a debugger: also waiting, with a letter of its own.
    let being = Being::start("traced", "traced")?;
    let traced = match being.said.as_str() {
        "ready" => Stat::until(being.pid(), 't')?.state.to_string(),
        refused => refused.into(),
    };
    drop(being);

    let mut out = io::stdout();
    writeln!(out, "the life of process {pid}")?;
    for (did, letter, model) in rows {
        writeln!(out, "  {did:<42} {letter}  {model}")?;
    }
    let did = "another one, stopped for its debugger";
    writeln!(out, "  {did:<42} {traced}  waiting")?;
    Ok(())
}
