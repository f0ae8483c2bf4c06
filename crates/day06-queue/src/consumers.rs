//! Two consumers and one message. Who may look and who may take is said by the parent, through a
//! line to each, so that they meet in the same way on every run.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::mqueue::mq_getattr;
use process::Child;

use crate::child::{finish, start};
use crate::queue::Queue;
use crate::take::take;

pub(crate) fn run() -> Outcome {
    let queue = Queue::new("consumers", 2)?;
    queue.send("the message", 0)?;
    let mut consumers = [consumer(&queue)?, consumer(&queue)?];

    // Both look, and then both take: between a look and a take there is always room for others.
    for (line, _) in &mut consumers {
        step(line)?;
    }
    let mut told = Vec::new();
    for (mut line, child) in consumers {
        told.push(step(&mut line)?);
        finish(child)?;
    }

    let mut out = io::stdout();
    writeln!(out, "one message and two consumers that have looked before one of them takes")?;
    for (name, told) in ["A", "B"].into_iter().zip(told) {
        writeln!(out, "  {name} {}", told.trim_end())?;
    }
    Ok(())
}

/// Lets a consumer do one thing, and hears what came of it.
fn step(line: &mut BufReader<UnixStream>) -> Outcome<String> {
    line.get_mut().write_all(b"!")?;
    let mut answer = String::new();
    line.read_line(&mut answer)?;
    Ok(answer)
}

fn consumer(queue: &Queue) -> Outcome<(BufReader<UnixStream>, Child)> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = start(|| consume(queue, &theirs))?;
    Ok((BufReader::new(ours), child))
}

fn consume(queue: &Queue, mut line: &UnixStream) -> Outcome {
    line.read_exact(&mut [0])?;
    let count = mq_getattr(queue.fd())?.curmsgs();
    writeln!(line, "looked")?;
    line.read_exact(&mut [0])?;
    writeln!(line, "{}", take(queue, count)?)?;
    Ok(())
}
