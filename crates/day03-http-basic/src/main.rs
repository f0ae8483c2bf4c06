//! Day 3: HTTP/1.1, the smallest server that is correct.
//!
//! Watch for:
//! - a request and a response are text: lines that end with `\r\n`, then an empty line;
//! - a request is whole at its empty line, never "when the read came back";
//! - Content-Length counts bytes: 你好 is two characters and six bytes;
//! - the protocol has no state: each request is answered by what stands in it;
//! - all that a peer decides has a limit: a line (414), a head (431), the time (408).
//!
//! `request.rs` and `response.rs` are the two formats and do no I/O, `site.rs` says what is
//! answered, `server.rs` moves the bytes. It serves one client after the other; many at once are
//! the subject of the days that follow. HTTP/1.1 runs over TCP; HTTP/3 runs over UDP.
//!
//! The examples `one_read_request` and `chars_as_length` are the two classic mistakes.

mod client;
mod lesson;
mod request;
mod response;
mod server;
mod site;

use std::io::{self, Write as _};
use std::net::TcpListener;
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
            help: "serve / and /hello to a browser, curl or nc -C, until Ctrl-C",
            run: server,
        }],
    }
    .main()
}

fn server(args: &[String]) -> Outcome {
    let listener = listen(&args[0])?;
    server::serve(&listener, None, &mut |line| writeln!(io::stdout(), "  {line}"))
}

/// Port 0 lets the kernel choose one, so the address is only known afterwards.
fn listen(address: &str) -> Outcome<TcpListener> {
    let address = addr::resolve_one(address).map_err(Usage::of)?;
    let listener = tcp::Listen::new().on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    Ok(listener)
}
