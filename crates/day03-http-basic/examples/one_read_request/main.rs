//! The broken twin: a server that takes one read for the whole request.
//!
//! Watch for: on one machine, with short requests, it works: what is written at once is mostly
//! read at once. Over a network a request arrives in pieces, and the same request is refused.
//! The mistake: `diff crates/day03-http-basic/src/server.rs crates/day03-http-basic/examples/one_read_request/server.rs`

#[path = "../../src/client.rs"]
#[allow(dead_code, reason = "the demo uses more of it")]
mod client;
#[path = "../../src/request.rs"]
mod request;
#[path = "../../src/response.rs"]
#[allow(dead_code, reason = "the demo uses more of it")]
mod response;
mod server;
#[path = "../../src/site.rs"]
mod site;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};
use sockets::tcp;

fn main() -> ExitCode {
    let about =
        "A web server that reads once for a request: compare its server.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || server::serve(&listener, Some(2), &mut |_| Ok(())));

    let mut out = io::stdout();
    let request = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for sent in [request.len(), 13] {
        let mut client = client::Client::new(tcp::Connect::new().to(address)?);
        client.stream.write_all(&request[..sent])?;
        // The rest would be on its way. The answer does not wait for it.
        let (head, _) = client.response(false)?;
        let status = head.lines().next().unwrap_or_default();
        writeln!(out, "{sent} of {} bytes have been sent, the answer is: {status}", request.len())?;
    }
    server.join().map_err(|_| "the server panicked")?
}
