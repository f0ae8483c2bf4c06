//! Both directions: a pair of connected sockets.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use cli::Outcome;

use crate::child::{finish, start};

pub(crate) fn run() -> Outcome {
    // CPython's Pipe() is this, socketpair(2). One pipe cannot be used both ways: whoever writes
    // would read his own words. Two pipes can.
    let (mut here, there) = UnixStream::pair()?;
    let child = start(|| answer(&there))?;
    drop(there);

    here.write_all(b"ping")?;
    let mut first = [0; 4];
    here.read_exact(&mut first)?;
    here.write_all(b"pong")?;
    // Our direction ends here, the other one does not. Two pipes would do it by a close.
    here.shutdown(Shutdown::Write)?;
    let mut rest = String::new();
    here.read_to_string(&mut rest)?;
    finish(child)?;

    let mut out = io::stdout();
    writeln!(out, "a socket pair, the parent writes ping and pong, then ends its direction")?;
    writeln!(out, "  answers: {} and {rest}", first.escape_ascii())?;
    Ok(())
}

/// The child: each byte in upper case, and at the end how many they were.
fn answer(mut line: &UnixStream) -> Outcome {
    let (mut bytes, mut count) = ([0; 64], 0);
    loop {
        let n = line.read(&mut bytes)?;
        if n == 0 {
            return Ok(write!(line, ", {count} bytes until the end")?);
        }
        count += n;
        line.write_all(&bytes[..n].to_ascii_uppercase())?;
    }
}
