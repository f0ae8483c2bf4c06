//! Day 3: numbers as bytes, which is what Python's struct module is for.
//!
//! Watch for:
//! - two machines must agree on the order of bytes; on the network it is big-endian;
//! - a value in memory has padding (8 bytes for "ci"), a message has none (5 bytes);
//! - all 32 bits of a float arrive: -0.0 keeps its sign, NaN stays NaN;
//! - a record has one size, and whatever has another size is refused before it is looked at.
//!
//! `record.rs` is the idea and does no I/O, `layout.rs` is memory, `exchange.rs` is the wire. The
//! example `native_order` sends memory instead: compare the two files record.rs with diff.

mod exchange;
mod layout;
mod record;

use std::fmt;
use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, udp};

use crate::record::{Name, Reading};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: || layout::run().and_then(|()| exchange::run()),
        roles: &[
            Role {
                name: "server",
                args: &["ADDR"],
                help: "receive records over UDP and answer them, until Ctrl-C",
                run: server,
            },
            Role {
                name: "client",
                args: &["ADDR", "ID", "NAME", "LEVEL"],
                help: "send one record, such as 1 pump 0.75 (or 1 pump -- -0.75), and show the answer",
                run: client,
            },
        ],
    }
    .main()
}

fn server(args: &[String]) -> Outcome {
    let socket = udp::Bind::new().on(addr::resolve_one(&args[0]).map_err(Usage::of)?)?;
    writeln!(io::stdout(), "listening on {}", socket.local_addr()?)?;
    loop {
        exchange::serve_one(&socket)?;
    }
}

fn client(args: &[String]) -> Outcome {
    let server = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let id = args[1].parse();
    let id =
        id.map_err(|_| Usage(format!("'{}' is not a number from 0 to {}", args[1], u32::MAX)))?;
    let name = Name::new(&args[2]).map_err(Usage::of)?;
    let level = args[3].parse();
    let level = level.map_err(|_| Usage(format!("'{}' is not a number such as 0.75", args[3])))?;
    exchange::ask(&udp::Bind::new().connected_to(server)?, Reading { id, name, level })
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id {}, name '{}', level {:?}", self.id, self.name, self.level)
    }
}

/// `01 02 ff`
fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}
