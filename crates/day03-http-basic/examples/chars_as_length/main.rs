//! The broken twin: a Content-Length that counts characters.
//!
//! Watch for: the client stops after as many bytes as it was told, in the middle of a text that is
//! not English, and what it left behind stands in front of the next answer.
//! The mistake: `diff crates/day03-http-basic/src/response.rs crates/day03-http-basic/examples/chars_as_length/response.rs`

#[path = "../../src/client.rs"]
#[allow(dead_code, reason = "the demo uses more of it")]
mod client;
#[path = "../../src/request.rs"]
mod request;
mod response;
#[path = "../../src/server.rs"]
mod server;
#[path = "../../src/site.rs"]
mod site;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};
use sockets::tcp;

fn main() -> ExitCode {
    let about = "A Content-Length in characters: compare its response.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || server::serve(&listener, Some(1), &mut |_| Ok(())));

    let mut out = io::stdout();
    let mut client = client::Client::new(tcp::Connect::new().to(address)?);
    let request = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.stream.write_all(request)?;
    let (_, body) = client.response(false)?;
    let text = String::from_utf8_lossy(&body);
    writeln!(out, "the client was told {} bytes and has read: {}", body.len(), text.trim_end())?;

    client.stream.write_all(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let (head, _) = client.response(true)?;
    let line = head.lines().next().unwrap_or_default();
    writeln!(out, "the next answer on this connection begins with: {line}")?;
    writeln!(out, "that is {} bytes too early", line.len() + 1)?;
    drop(client);
    server.join().map_err(|_| "the server panicked")?
}
