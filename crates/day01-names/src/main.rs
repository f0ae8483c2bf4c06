//! Day 1: names, addresses and ports.
//!
//! Watch for:
//! - a name has many addresses; an address may have another name, or none;
//! - an address is four bytes (or sixteen); what text is accepted for it depends on who reads it;
//! - .1 is no gateway and .255 no broadcast by itself: the mask decides;
//! - a port is a number in a protocol of an address; what the ranges mean says IANA, and what the
//!   kernel does says /proc.
//!
//! `names.rs`, `text.rs`, `special.rs` and `ports.rs` are one idea each; `c.rs` is the C library.

mod c;
mod names;
mod ports;
mod special;
mod text;

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson,
        roles: &[
            Role {
                name: "resolve",
                args: &["NAME"],
                help: "all addresses of a host, and their names",
                run: |args| names::resolve(&args[0]),
            },
            Role {
                name: "address",
                args: &["TEXT"],
                help: "how Rust and inet_aton read an address, and what it means",
                run: address,
            },
            Role {
                name: "port",
                args: &["NUMBER"],
                help: "what a port is to IANA and to this kernel",
                run: |args| ports::port(&args[0]),
            },
            Role {
                name: "service",
                args: &["NAME"],
                help: "the port of a service",
                run: |args| ports::service(&args[0]),
            },
        ],
    }
    .main()
}

fn lesson() -> Outcome {
    names::run()?;
    text::run()?;
    special::run()?;
    ports::run()
}

fn address(args: &[String]) -> Outcome {
    text::row(&args[0])?;
    if let Ok(address) = args[0].parse::<IpAddr>() {
        writeln!(io::stdout(), "{address}: {}", special::kind(address))?;
    }
    Ok(())
}
