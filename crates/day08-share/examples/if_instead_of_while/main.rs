//! The broken twin: a Condvar that is waited for without a loop.
//!
//! Watch for: both consumers are woken, one takes the item, and the other finds an empty queue
//! where it was sure to find something. In a language without Option it would take what is not
//! there.
//! The mistake is one word:
//! `diff crates/day08-share/src/queue.rs crates/day08-share/examples/if_instead_of_while/queue.rs`

mod queue;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A wait that looks only once: compare its queue.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let (taken, in_vain, left) = queue::Queue::default().two_consumers();
    let mut out = io::stdout();
    writeln!(out, "woken to an empty queue: {in_vain}")?;
    writeln!(out, "two consumers got {taken:?}, left in the queue: {left:?}")?;
    Ok(())
}
