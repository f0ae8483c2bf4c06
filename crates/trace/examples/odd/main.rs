//! What a tracer has to be good at, one thing for each argument. Every program here is plain, and
//! knows nothing of a tracer.

mod limits;
mod output;
mod processes;
mod processors;
mod repeating;
mod sending;
mod signals;
mod terminal;
mod threads;
mod timers;
mod watching;

use std::process::ExitCode;

/// Anything that fails here is a mistake of the test's.
type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// One of them: its name, and what it does.
type Odd = (&'static str, fn() -> Done);

const ALL: &[Odd] = &[
    ("echo", threads::echo),
    ("sleepers", threads::sleepers),
    ("few_looks", threads::few_looks),
    ("spin", threads::spin),
    ("pingpong", threads::pingpong),
    ("deadlock", threads::deadlock),
    ("forever", threads::forever),
    ("exit_with_threads", threads::exit_with_threads),
    ("leader_leaves", threads::leader_leaves),
    ("thread_exec", threads::thread_exec),
    ("many", threads::many),
    ("fork", processes::fork_and_pipe),
    ("forks", processes::hundred_forks),
    ("spawn", processes::spawn),
    ("daemon", processes::daemon),
    ("crash", processes::crash),
    ("abort", processes::abort),
    ("kill_child", processes::kill_child),
    ("hang", processes::hang),
    ("processors", processors::processors),
    ("ignored", signals::ignored),
    ("handled", signals::handled),
    ("held_back", signals::held_back),
    ("restarted", signals::restarted),
    ("nested", signals::nested),
    ("stop", signals::stop),
    ("real_time", signals::real_time),
    ("short_nap", signals::short_nap),
    ("alarm", signals::alarm),
    ("limits", limits::limits),
    ("in_time", limits::in_time),
    ("cut_short", limits::cut_short),
    ("timers", timers::timers),
    ("alarms", timers::alarms),
    ("moments", timers::moments),
    ("computed", timers::computed),
    ("typed", terminal::typed),
    ("states", watching::states),
    ("ask_again", watching::ask_again),
    ("one_shot", watching::one_shot),
    ("fill", repeating::fill),
    ("serve", repeating::serve),
    ("bomb", repeating::bomb),
    ("lines", output::lines),
    ("megabytes", output::megabytes),
    ("flood", output::flood),
    ("vectors", output::vectors),
    ("sendfile", output::sendfile),
    ("characters", output::characters),
    ("echo_input", output::echo_input),
    ("send_well", sending::send_well),
    ("send_badly", sending::send_badly),
    ("pipe_well", sending::pipe_well),
    ("vectored", sending::vectored),
    ("message", sending::message),
    ("nonblocking", sending::nonblocking),
    ("datagram", sending::datagram),
];

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some((_, run)) = ALL.iter().find(|(known, _)| *known == name) else {
        return ExitCode::from(2);
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = output::say(&format!("{error}"));
            ExitCode::FAILURE
        }
    }
}
