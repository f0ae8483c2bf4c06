//! Day 2: messages out of a byte stream.
//!
//! Watch for:
//! - TCP keeps the order of bytes and nothing else: five sends may be one read (sticky packets),
//!   and one send may be many reads (half packets);
//! - a message ends where the protocol says: behind a mark, or after a length;
//! - both need a limit, because the peer decides how much memory a message costs us;
//! - the short pause of the notes is no fix. It hides the mistake from whoever tests on one
//!   machine.
//!
//! `stream.rs` shows the trouble, `mark.rs` and `length.rs` are the two fixes. The examples
//! `pause_is_no_fix` and `read_as_message` are `length.rs` with one mistake each: compare with diff.

mod length;
mod lesson;
mod mark;
mod stream;

use std::io::{self, BufReader, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, tcp};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[Role {
            name: "server",
            args: &["ADDR"],
            help: "every line is a message, answered with its number and length, until Ctrl-C",
            run: server,
        }],
    }
    .main()
}

/// One client after the other; what goes wrong with one of them is its own end and not ours.
fn server(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let listener = tcp::Listen::new().on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    loop {
        match listener.accept() {
            Ok((client, from)) => match answer(&client) {
                Ok(count) => writeln!(io::stdout(), "{from}: {count} messages")?,
                Err(error) => writeln!(io::stdout(), "{from}: {error}")?,
            },
            Err(error) if tcp::concerns_one_connection(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn answer(mut client: &TcpStream) -> io::Result<usize> {
    let mut lines = BufReader::new(client);
    let mut count = 0;
    while let Some(message) = mark::receive(&mut lines, lesson::LIMIT)? {
        count += 1;
        client.write_all(format!("message {count}: {} bytes\n", message.len()).as_bytes())?;
    }
    Ok(count)
}
