//! The broken twin: a server that compares "##" with what one recv has brought.
//!
//! Watch for: it works when it is tried by hand, because a line that is typed arrives alone. It
//! fails as soon as the mark arrives in two pieces, or together with other text.
//! The mistake:
//! `diff crates/day01-tcp-echo/src/server.rs crates/day01-tcp-echo/examples/hash_in_read/server.rs`

#[path = "../../src/lines.rs"]
#[allow(dead_code, reason = "the server does not cut lines out of the stream: that is the mistake")]
mod lines;
mod server;

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A server that looks for ## in a read: compare its server.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = server::listen(SocketAddr::from(([127, 0, 0, 1], 0)), 5)?;
    let address = listener.local_addr()?.as_socket().ok_or("no address of the internet")?;
    let clients = thread::spawn(move || {
        // The answer to the first piece says that it has been received, alone.
        client("ann", address, &["##\n"])?;
        client("bob", address, &["#", "#\n"])?;
        client("cat", address, &["bye\n##\n"])
    });
    server::serve(&listener, Some(3))?;
    clients.join().map_err(|_| "the clients panicked")?
}

/// Sends the pieces of a mark, and then a question that only a server that has missed the mark
/// will answer.
fn client(name: &str, server: SocketAddr, pieces: &[&str]) -> Outcome {
    let mut stream = TcpStream::connect(server)?;
    for piece in [pieces, &["are you there?\n"]].concat() {
        stream.write_all(piece.as_bytes())?;
        let mut answer = vec![0; piece.len()];
        if stream.read(&mut answer[..1])? == 0 {
            writeln!(io::stdout(), "{name} sent {pieces:?}: the server has ended")?;
            return Ok(());
        }
        stream.read_exact(&mut answer[1..])?;
    }
    writeln!(io::stdout(), "{name} sent {pieces:?}: the server is still there")?;
    Ok(())
}
