//! In which order messages come out.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::mqueue::mq_getattr;

use crate::child::{finish, start};
use crate::queue::Queue;

pub(crate) fn run() -> Outcome {
    let queue = Queue::new("order", 8)?;
    let messages = [("milk", 0), ("fire", 9), ("bread", 0), ("doctor", 9), ("", 1)];
    let send = || messages.iter().try_for_each(|(text, priority)| queue.send(text, *priority));
    let child = start(|| Ok(send()?))?;
    // The sender has ended before the first message is taken: nobody waits for anybody.
    finish(child)?;
    let waiting = mq_getattr(queue.fd())?.curmsgs();

    let mut taken = Vec::new();
    for _ in messages {
        let (text, priority) = queue.receive()?;
        taken.push(format!("{text:?} {priority}"));
    }
    // "First in, first out" holds among equals; the empty message is a message.
    let mut out = io::stdout();
    writeln!(out, "a child has sent {waiting} messages and has ended")?;
    writeln!(out, "  in:  {}", messages.map(|(text, p)| format!("{text:?} {p}")).join(", "))?;
    writeln!(out, "  out: {}", taken.join(", "))?;
    Ok(())
}
