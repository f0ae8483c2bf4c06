//! Day 2: broadcast, one datagram for everybody in a network.
//!
//! Watch for:
//! - without SO_BROADCAST the kernel refuses: EACCES, so that nobody does it by mistake;
//! - 255.255.255.255 is the limited broadcast, "this link, whatever it is", which Python calls
//!   `"<broadcast>"`. The highest address of a network, all host bits 1, is the subnet broadcast;
//! - a receiver is bound to the broadcast address, or to 0.0.0.0: one that is bound to its own
//!   address hears no broadcasts;
//! - several receivers of one machine need SO_REUSEADDR, and each gets a copy.
//!
//! This lesson stays on the loopback device: nobody else is disturbed. `lesson.rs` is the idea,
//! `interfaces.rs` finds the addresses.

mod interfaces;
mod lesson;

use std::io::{self, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use socket2::{Domain, Socket, Type};
use sockets::addr;

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role {
                name: "receive",
                args: &["ADDR"],
                help: "show what comes to this address until Ctrl-C, such as 127.255.255.255:9999",
                run: receive,
            },
            Role {
                name: "send",
                args: &["ADDR", "MESSAGE"],
                help: "send one datagram to this address, a broadcast one or not",
                run: send,
            },
            Role {
                name: "interfaces",
                args: &[],
                help: "the networks of this machine and their broadcast addresses",
                run: |_| interfaces::run(),
            },
        ],
    }
    .main()
}

/// A receiver: the option first, then the name.
fn receiver(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
    // For a broadcast, sharing a port is no theft: each of its receivers gets a copy.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

fn receive(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let socket = receiver(address).map_err(|error| format!("{address}: {error}"))?;
    say(&format!("listening on {}", socket.local_addr()?))?;
    let mut room = vec![0; 65_507];
    loop {
        match socket.recv_from(&mut room) {
            Ok((n, from)) => {
                say(&format!("{from}: {:?}", String::from_utf8_lossy(&room[..n])))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn send(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    // IPv6 has no broadcast at all: there it is multicast to ff02::1, "all nodes of this link".
    let SocketAddr::V4(_) = address else {
        return Err(Usage(format!("{address} is IPv6, which has no broadcast")).into());
    };
    let any = SocketAddr::from(([0, 0, 0, 0], 0));
    let socket = sockets::udp::Bind::new().broadcast(true).on(any)?;
    let sent = socket.send_to(args[1].as_bytes(), address);
    let n = sent.map_err(|error| format!("{address}: {error}"))?;
    say(&format!("{n} bytes sent to {address}"))
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
