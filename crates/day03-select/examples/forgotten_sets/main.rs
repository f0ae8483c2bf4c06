//! The broken twin: a select loop that fills its set once.
//!
//! Watch for: select comes back with the listener alone in the set, and from then on it is asked
//! about nothing else: new clients are let in, and nobody is heard.
//! The mistake: `diff crates/day03-select/src/server.rs crates/day03-select/examples/forgotten_sets/server.rs`

mod server;
#[path = "../../src/source.rs"]
mod source;

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::tcp;

fn main() -> ExitCode {
    let about =
        "A select loop that forgets to rebuild its set: compare its server.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().nonblocking(true).on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let (log, entries) = io::pipe()?;
    let (reader, mut keyboard) = io::pipe()?;
    let terminal = source::Source::new("terminal", reader);
    // The server never returns; it ends with the process.
    thread::spawn(move || {
        let entries = File::from(OwnedFd::from(entries));
        server::serve(&listener, vec![terminal], entries, None).map_err(|error| error.to_string())
    });

    let mut out = io::stdout();
    writeln!(out, "ann connects")?;
    let mut ann = tcp::Connect::new().to(address)?;
    ann.read_exact(&mut [0; 14])?;
    writeln!(out, "ann is greeted, and sends a line; somebody types one")?;
    ann.write_all(b"hello\n")?;
    keyboard.write_all(b"is anybody there\n")?;
    let mut fds = [PollFd::new(log.as_fd(), PollFlags::POLLIN)];
    let logged = poll(&mut fds, PollTimeout::from(1000_u16))? > 0;
    let what = if logged { "something" } else { "nothing" };
    writeln!(out, "after a second {what} has been logged")?;

    writeln!(out, "bob connects")?;
    tcp::Connect::new().to(address)?.read_exact(&mut [0; 14])?;
    writeln!(out, "bob is greeted: the listener is still in the set")?;
    Ok(())
}
