//! What a tracer has to be good at, one thing for each argument. Every program here is plain, and
//! knows nothing of a tracer.

mod output;
mod processes;
mod sending;
mod signals;
mod threads;

use std::process::ExitCode;

/// Anything that fails here is a mistake of the test's.
type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// One of them: its name, and what it does.
type Odd = (&'static str, fn() -> Done);

const ALL: &[Odd] = &[
    ("echo", threads::echo),
    ("sleepers", threads::sleepers),
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
    ("ignored", signals::ignored),
    ("handled", signals::handled),
    ("restarted", signals::restarted),
    ("nested", signals::nested),
    ("stop", signals::stop),
    ("real_time", signals::real_time),
    ("short_nap", signals::short_nap),
    ("alarm", signals::alarm),
    ("lines", output::lines),
    ("megabytes", output::megabytes),
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
