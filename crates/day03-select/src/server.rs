//! A logger in one loop around select(2): every line of every source goes to a file.

use std::fs::File;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::fd::{AsFd as _, AsRawFd as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::select::{FD_SETSIZE, FdSet, select};
use nix::sys::time::{TimeVal, TimeValLike as _};
use sockets::tcp;

use crate::source::Source;

/// Serves until `visitors` sources have come and gone; without a number, for ever.
pub(crate) fn serve(
    listener: &TcpListener,
    mut sources: Vec<Source>,
    mut log: File,
    visitors: Option<usize>,
) -> Outcome {
    let mut gone = 0;
    // No descriptor is left for a new client.
    let mut crowded = false;
    while visitors != Some(gone) {
        // select overwrites the set with what is ready: it is built anew in every round.
        let mut set = FdSet::new();
        if !crowded {
            set.insert(listener.as_fd());
        }
        for source in &sources {
            set.insert(source.fd.as_fd());
        }

        // The one place where this program sleeps. The time limit is overwritten as well.
        // No set for writing: a socket is nearly always writable, and asking without need is a
        // busy loop. The third set means urgent data and not errors: those are readable.
        let mut limit = TimeVal::milliseconds(100);
        let limit = crowded.then_some(&mut limit);
        match select(None, &mut set, None, None, limit) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };

        // What is left in the set is ready. Noting it down ends the borrow that the set has on
        // every descriptor in it: from here on sources may come and go.
        let accepting = crowded || set.contains(listener.as_fd());
        let ready: Vec<bool> = sources.iter().map(|s| set.contains(s.fd.as_fd())).collect();

        let before = sources.len();
        for (source, _) in sources.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            for line in source.read_lines() {
                // One write for a line, so that no other writer's text gets inside of it.
                let entry = format!("{}: {line}\n", source.name);
                log.write_all(entry.as_bytes()).map_err(|error| format!("the log: {error}"))?;
                write!(io::stdout(), "  {entry}")?;
            }
            if source.ended {
                writeln!(io::stdout(), "  {} has ended", source.name)?;
            }
        }
        sources.retain(|source| !source.ended);
        gone += before - sources.len();

        if accepting {
            crowded = !accept_all(listener, &mut sources, crowded)?;
        }
    }
    Ok(())
}

/// Takes everybody who waits in the queue. False when the descriptors run out.
fn accept_all(listener: &TcpListener, sources: &mut Vec<Source>, told: bool) -> Outcome<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            // A set ends at 1023, whatever `ulimit -n` says; a higher number would panic here
            // and write beyond the set in C. The client is turned away: it sees the end.
            Ok(stream) if usize::try_from(stream.as_raw_fd()).is_ok_and(|fd| fd >= FD_SETSIZE) => {
                writeln!(io::stderr(), "select has no room for fd {}", stream.as_raw_fd())?;
            }
            Ok(mut stream) => {
                // A peer that has vanished has no name any more.
                let name = stream.peer_addr().map_or("nobody".into(), |peer| peer.to_string());
                writeln!(io::stdout(), "  {name} has connected")?;
                // A few bytes into an empty buffer do not block. Whoever cannot be greeted has
                // vanished again, and its end will be read like any other.
                let _ = stream.write_all(b"lines, please\n");
                sources.push(Source::new(name, stream));
            }
            Err(error) if tcp::is_out_of_resources(&error) => {
                if !told {
                    writeln!(io::stderr(), "new clients have to wait: {error}")?;
                }
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}
