//! Day 2: UDP, one datagram at a time.
//!
//! Watch for:
//! - no connection, no listen, no accept: one socket talks with everybody;
//! - a datagram comes whole or not at all. Only a buffer that is too short cuts it, silently;
//! - a datagram of 0 bytes is a message, and not the end: UDP has no end;
//! - nobody tells a UDP sender that nobody is there, unless its socket is connected;
//! - whoever waits for an answer needs a time limit.
//!
//! `peer.rs` is the server and the client, `datagrams.rs` what makes UDP differ from TCP,
//! `connected.rs` what connect does to a socket that has no connections, `words.rs` the arguments.

mod connected;
mod datagrams;
mod peer;
mod words;

use std::io::{self, Write as _};
use std::net::UdpSocket;
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome, Role, Usage};
use sockets::addr;

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson,
        roles: &[
            Role { name: "server", args: &["ADDR"], help: "answer until Ctrl-C", run: server },
            Role {
                name: "client",
                args: &["ADDR", "MESSAGE"],
                help: "send one datagram and show the answer",
                run: client,
            },
            Role {
                name: "words",
                args: &["[ONE]", "[TWO]", "[THREE]"],
                help: "show the arguments as this program gets them",
                run: words::show,
            },
        ],
    }
    .main()
}

fn lesson() -> Outcome {
    // socket and bind, and it can be written to. Port 0: the kernel chooses a free one.
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let address = socket.local_addr()?;
    say(&format!("server on {address}"))?;
    let server = thread::spawn(move || peer::serve(&socket, Some("世界")));
    for message in ["hello", "世界"] {
        let answer = peer::ask(&[address], message.as_bytes())?;
        say(&format!("client: {message:?} → {:?}", String::from_utf8_lossy(&answer)))?;
    }
    server.join().map_err(|_| "the server panicked")??;
    datagrams::run()?;
    connected::run()?;
    words::run()
}

fn server(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    // std's bind takes an address or a name; its error would not say which.
    let socket = UdpSocket::bind(address).map_err(|error| format!("{address}: {error}"))?;
    say(&format!("listening on {}", socket.local_addr()?))?;
    peer::serve(&socket, None)
}

fn client(args: &[String]) -> Outcome {
    let server = addr::resolve(&args[0]).map_err(Usage::of)?;
    let answer = peer::ask(&server, args[1].as_bytes())?;
    say(&String::from_utf8_lossy(&answer))
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
