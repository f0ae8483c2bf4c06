//! From the result of a program to its exit status.

use std::error::Error;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::process::ExitCode;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// What a program's work ends in. Any error will do: its text is the one sentence people see.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// The user asked for something that the program does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage(pub String);

impl Usage {
    /// From an error that was made by what the user typed: `parse(arg).map_err(Usage::of)?`
    #[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
    pub fn of(mistake: impl std::fmt::Display) -> Self {
        Self(mistake.to_string())
    }
}

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Usage {}

/// Says what went wrong, if anything, and gives the exit status: 0, 1, or 2 for a [`Usage`] error.
pub fn exit(program: &str, outcome: Outcome) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    if is_broken_pipe(error.as_ref()) && stdout_has_no_reader() {
        return ExitCode::SUCCESS;
    }
    // When standard error is gone too, nobody is left to be told.
    let _ = writeln!(io::stderr(), "{program}: {error}");
    if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// EPIPE may as well come from a socket: ask the kernel whether standard output is the one.
/// poll(2) reports POLLERR on the writing end of a pipe that has lost its last reader.
fn stdout_has_no_reader() -> bool {
    let stdout = io::stdout();
    let mut fds = [PollFd::new(stdout.as_fd(), PollFlags::empty())];
    poll(&mut fds, PollTimeout::ZERO).is_ok()
        && fds[0].revents().is_some_and(|r| r.intersects(PollFlags::POLLERR | PollFlags::POLLHUP))
}
