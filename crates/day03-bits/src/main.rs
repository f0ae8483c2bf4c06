//! Day 3: bits, and numbers that are sets of flags.
//!
//! Watch for:
//! - | sets a flag, & ! clears it, ^ turns it over, & tests it, and no other bit is touched;
//! - `flags == POLLIN` is the wrong test: the kernel may have set another bit beside it;
//! - a field of two bits is cut out with its mask and compared, never tested like a flag;
//! - a shift by the width of the type is an error, bits that are pushed out are lost in silence.
//!
//! `operators.rs` is arithmetic, `flags.rs` how flags are set and tested, `status.rs` a decoder
//! for the flags of any descriptor.

mod flags;
mod operators;
mod status;

use std::io;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: || operators::run().and_then(|()| flags::run()).and_then(|()| status::run()),
        roles: &[Role {
            name: "fd",
            args: &["NUMBER"],
            help: "the flags of descriptor 0, 1 or 2, as your shell has opened it",
            run: fd,
        }],
    }
    .main()
}

fn fd(args: &[String]) -> Outcome {
    match args[0].as_str() {
        "0" => status::show("standard input", io::stdin()),
        "1" => status::show("standard output", io::stdout()),
        "2" => status::show("standard error", io::stderr()),
        other => Err(Usage(format!("'{other}' is not 0, 1 or 2")).into()),
    }
}
