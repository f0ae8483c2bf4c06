//! Commands from a pipe or a file: `printf 'get a\nget b\n' | capstone-tftp client ADDR`. There is
//! no prompt; what a command shows goes to standard output, what has gone wrong to standard error.

use std::io::{self, BufRead, Read as _, Write as _};

use cli::Outcome;
use service::harmless;

use super::command::{Command, parse};
use super::show;
use crate::command::{Interrupted, Session};

/// The longest line. Names are shorter, and a file that was taken for commands is no memory leak.
const LONGEST: u64 = 64 * 1024;

/// Until the input ends, or says quit.
///
/// # Errors
/// A command has failed; the others were done all the same.
pub(super) fn run(session: &mut Session) -> Outcome {
    let mut input = io::stdin().lock();
    let (mut done, mut failed) = (0_u64, 0_u64);
    while let Some(line) = next_line(&mut input)? {
        let outcome = match parse(&line) {
            Ok(None) => continue,
            Ok(Some(Command::Quit)) => break,
            Ok(Some(command)) => show::run(session, &command),
            Err(mistake) => Err(mistake.into()),
        };
        done += 1;
        if let Err(error) = outcome {
            // Nobody reads on, or Ctrl-C: that is the end of all.
            if error.is::<io::Error>() || error.is::<Interrupted>() {
                return Err(error);
            }
            failed += 1;
            writeln!(io::stderr(), "capstone-tftp: {error}")?;
        }
    }
    session.quit();
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} of {done} commands failed").into()),
    }
}

fn next_line(input: &mut impl BufRead) -> Outcome<Option<String>> {
    let mut line = Vec::new();
    let n = input.take(LONGEST).read_until(b'\n', &mut line)?;
    if n as u64 == LONGEST && line.last() != Some(&b'\n') {
        return Err(format!("a line of more than {LONGEST} bytes is no command").into());
    }
    if n == 0 {
        return Ok(None);
    }
    match String::from_utf8(line) {
        Ok(line) => Ok(Some(line)),
        Err(error) => {
            let shown = harmless(error.as_bytes()).trim_end().to_owned();
            Err(format!("this line is not UTF-8: {shown}").into())
        }
    }
}
