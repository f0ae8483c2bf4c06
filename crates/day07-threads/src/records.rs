//! Three threads with something to save, and a main that waits for them.

use std::io::{self, Write as _};
use std::thread;

use cli::Outcome;

/// Each thread saves one record as soon as it comes.
pub(crate) fn main() -> Outcome {
    let threads = [(); 3].map(|()| thread::spawn(save_one));
    writeln!(io::stdout(), "{} threads have records to save", threads.len())?;
    for thread in threads {
        // Without this main returns, and with it goes whatever they still had to do.
        thread.join().map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

fn save_one() -> io::Result<()> {
    let mut record = String::new();
    // Standard input has a lock of its own: the threads take turns, a line each.
    match io::stdin().read_line(&mut record)? {
        0 => Ok(()),
        _ => writeln!(io::stdout(), "saved {}", record.trim()),
    }
}
