//! Day 5: a file copied by two processes, a half each.
//!
//! Watch for:
//! - a descriptor from before the fork shares its offset: whoever reads moves it for both;
//! - pread and pwrite bring their own offset and move nothing: nobody is in the other's way;
//! - an offset has 64 bits, and a hole in a file costs nothing to copy;
//! - the copy is good when both halves are: the child's status is part of the result.
//!
//! `part.rs` is the idea; the example `shared_offset_copy` differs there.

mod big;
mod cookies;
mod copy;
mod offset;
mod part;
mod sizes;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

const COPY: Role = Role {
    name: "copy",
    args: &["FROM", "TO"],
    help: "copies a file by halves; TO must not exist yet",
    run: |args| {
        let size = copy::copy(Path::new(&args[0]), Path::new(&args[1]))?;
        writeln!(io::stdout(), "{size} bytes")?;
        Ok(())
    },
};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[COPY] }.main()
}

fn lesson() -> Outcome {
    offset::run()?;
    sizes::run()?;
    big::run()?;
    cookies::run()
}
