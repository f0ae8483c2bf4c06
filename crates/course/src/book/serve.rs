//! The built book, shown in a browser. It is served by the course's own web server, a program of its
//! own that cargo builds when it is wanted, so that this one stays light.

use std::io::{BufRead as _, BufReader, Write as _, stdout};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use cli::Outcome;

use crate::build;
use crate::job::Job;
use crate::stops::Stops;

const SERVER: &str = "capstone-http";

/// Serves the folder until Ctrl-C.
pub(super) fn serve(folder: &Path) -> Outcome<ExitCode> {
    let mut command = Command::new(build::program(SERVER, "bin", SERVER)?);
    command.arg(folder).args(["--listen", "127.0.0.1:0", "--log", "warn"]).stdin(Stdio::null());
    let cannot = |error| format!("{SERVER} cannot be started: {error}");
    let (server, said) = Job::piped(&mut command).map_err(cannot)?;
    // Its first line; then it can be reached. It has nothing else to say there, but may.
    let (mut said, mut line) = (BufReader::new(said), String::new());
    said.read_line(&mut line)?;
    let Some(address) = line.trim_end().strip_prefix("listening on ") else {
        return Err(format!("{SERVER} does not serve the book").into());
    };
    // From now on a signal stops the server first; until now it would have ended with us.
    let stops = Stops::new()?;
    let url = format!("http://{address}/");
    writeln!(stdout(), "the book: {url} (until Ctrl-C)")?;
    show(&url);
    match server.result(&stops)? {
        Err(_stopped) => Ok(ExitCode::SUCCESS),
        Ok(exit) => Err(format!("{SERVER} has ended: {exit}").into()),
    }
}

/// In the reader's browser, where there is one; elsewhere the address has to do. What xdg-open starts is
/// the reader's own and not ended by our Ctrl-C; a thread waits for it, as it may stay as long.
fn show(url: &str) {
    let mut command = Command::new("xdg-open");
    command.arg(url).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    std::thread::spawn(move || command.status());
}
