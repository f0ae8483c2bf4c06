//! The broken twin: a server that ends after its first client.
//!
//! Watch for: "##" ends the conversation on both sides, and here the program with it. Who was
//! connected and waited in the queue is thrown out, who comes later finds nobody.
//! The mistake:
//! `diff crates/day01-tcp-echo/src/server.rs crates/day01-tcp-echo/examples/one_client_only/server.rs`

#[path = "../../src/lines.rs"]
mod lines;
mod server;

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A server for one client only: compare its server.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = server::listen(SocketAddr::from(([127, 0, 0, 1], 0)), 5)?;
    let address = listener.local_addr()?.as_socket().ok_or("no address of the internet")?;
    let mut out = io::stdout();
    // Both are connected before the server calls accept: the kernel needs no program for that.
    let mut ann = TcpStream::connect(address)?;
    let mut bob = TcpStream::connect(address)?;
    ann.write_all(b"hello\n##\n")?;
    let server = thread::spawn(move || server::serve(&listener, None));
    server.join().map_err(|_| "the server panicked")??;
    // The listener is closed by now, and the connections in its queue are reset.
    writeln!(out, "the server has ended")?;

    let mut heard = String::new();
    ann.read_to_string(&mut heard)?;
    writeln!(out, "ann, its first client, hears {heard:?} and the end")?;
    match bob.read(&mut [0; 64]) {
        Ok(n) => writeln!(out, "bob, who was connected and waited, hears {n} bytes")?,
        Err(error) => writeln!(out, "bob, who was connected and waited: {error}")?,
    }
    match TcpStream::connect(address) {
        Ok(_) => writeln!(out, "cat, who comes later, is connected")?,
        Err(error) => writeln!(out, "cat, who comes later: {error}")?,
    }
    Ok(())
}
