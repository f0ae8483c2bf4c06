//! The broken twin: a UDP server with SO_REUSEADDR, an option that belongs to TCP.
//!
//! Watch for: a second server binds the same port, without an error on either side, and from then
//! on gets every datagram. The first one just hears nothing any more. Its mistake is one line:
//! `diff crates/day02-sockopt/src/udp.rs crates/day02-sockopt/examples/udp_steal/udp.rs`

mod udp;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A UDP server whose port can be taken: compare its udp.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson: udp::run, roles: &[] }.main()
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
