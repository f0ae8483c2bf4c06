//! A result from a child.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use process::{Deadline, Process};

pub(crate) fn run() -> Outcome {
    let numbers: Vec<u64> = (1..=100).collect();
    let mut total = 0;

    // The child has a copy of all memory, so it can read the numbers; what it adds up stays in
    // its own copy. The result has to be sent, here through a pipe.
    let (mut reader, mut writer) = io::pipe()?;
    let mut process = Process::new(move || {
        total += numbers.iter().sum::<u64>();
        i32::from(writer.write_all(&total.to_ne_bytes()).is_err())
    })
    .start()?;
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes)?;
    total = u64::from_ne_bytes(bytes);
    process.join(Deadline::Never)?;

    let code = process.exit_code()?.ok_or("it was joined")?;
    writeln!(io::stdout(), "the child has added up 1 to 100: exit code {code}, total {total}")?;
    Ok(())
}
