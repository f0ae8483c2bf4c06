//! The broken twin: a lock that is held while a server is asked.
//!
//! Watch for: four threads, and the time of one after the other. Nobody waits for a server; three
//! wait for the lock of the one that does. Input and output, sleep, join and send do not belong
//! under a lock.
//! The mistake is the order of two lines:
//! `diff crates/day08-share/src/fetch.rs crates/day08-share/examples/guard_held/fetch.rs`

mod fetch;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A lock held while waiting: compare its fetch.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let start = Instant::now();
    let prices = fetch::all()?;
    let took = start.elapsed().as_millis();
    let asked = prices.len();
    writeln!(io::stdout(), "{asked} servers of 100 ms each, asked by {asked} threads: {took} ms")?;
    Ok(())
}
