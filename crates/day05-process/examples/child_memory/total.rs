//! A result from a child.

use std::io::{self, Write as _};

use cli::Outcome;
use process::{Deadline, Process};

pub(crate) fn run() -> Outcome {
    let numbers: Vec<u64> = (1..=100).collect();
    let mut total = 0;

    // WRONG: the child changes its own copy. The parent's total is another variable at the same
    // address. The closure borrows it, as it would for a thread, and the compiler cannot object:
    // it knows nothing of fork.
    let mut process = Process::new(|| {
        total += numbers.iter().sum::<u64>();
        // What the child sees, in so far as it fits into an exit code.
        i32::from(total == 5050) * 50
    })
    .start()?;
    process.join(Deadline::Never)?;

    let code = process.exit_code()?.ok_or("it was joined")?;
    writeln!(io::stdout(), "the child has added up 1 to 100: exit code {code}, total {total}")?;
    Ok(())
}
