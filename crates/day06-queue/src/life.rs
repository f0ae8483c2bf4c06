//! The life of a queue: from mq_open until it has no name AND nobody has it open.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::mqueue::mq_unlink;

use crate::child::{finish, start};
use crate::queue::{Queue, name};

pub(crate) fn run() -> Outcome {
    let name = name("life");
    // The creator and first sender. It closes the queue and ends, and unlinks nothing.
    finish(start(|| Ok(Queue::create(&name, 2)?.send("a letter", 0)?))?)?;

    // Nobody has it open at this moment. A pipe would be gone, with all that was in it.
    let found = Queue::open(&name);
    let again = Queue::create(&name, 2).map(drop).map_err(|error| error.to_string());
    // The name goes; the queue stays for those who have it open.
    let unlinked = mq_unlink(&*name);
    let queue = found?;
    let letter = queue.receive()?.0;
    let gone = Queue::open(&name).map(drop);

    let mut out = io::stdout();
    writeln!(out, "a child has made a queue, has sent a letter and has ended")?;
    writeln!(out, "  its name: found; made once more with O_EXCL: {again:?}")?;
    writeln!(out, "  unlinked: {unlinked:?}; and received: {letter:?}; opened by name: {gone:?}")?;
    Ok(())
}
