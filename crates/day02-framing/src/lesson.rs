//! The whole lesson: the trouble, then the two fixes on the same messages.

use std::io::{self, BufReader, Cursor, Write as _};
use std::thread;

use cli::Outcome;

use crate::stream::{halves, pair, sticky};
use crate::{length, mark};

/// The longest message that is taken.
pub(crate) const LIMIT: usize = 1 << 20;

pub(crate) fn run() -> Outcome {
    sticky()?;
    halves()?;
    by_mark()?;
    by_length()?;
    refused()
}

/// What is sent in both fixes: short, long, empty and Chinese.
fn messages() -> Vec<Vec<u8>> {
    vec![b"one".to_vec(), vec![b'.'; 500_000], Vec::new(), "粘包".into()]
}

fn by_mark() -> Outcome {
    let (mut sender, receiver) = pair()?;
    let writer =
        thread::spawn(move || messages().iter().try_for_each(|m| mark::send(&mut sender, m)));
    let mut lines = BufReader::new(receiver);
    let mut got = Vec::new();
    while let Some(message) = mark::receive(&mut lines, LIMIT)? {
        got.push(message);
    }
    writer.join().map_err(|_| "the writer panicked")??;
    tell("with a mark", &got)
}

fn by_length() -> Outcome {
    let (mut sender, mut receiver) = pair()?;
    let writer =
        thread::spawn(move || messages().iter().try_for_each(|m| length::send(&mut sender, m)));
    let mut got = Vec::new();
    while let Some(message) = length::receive(&mut receiver, LIMIT)? {
        got.push(message);
    }
    writer.join().map_err(|_| "the writer panicked")??;
    tell("with a length", &got)
}

fn tell(how: &str, got: &[Vec<u8>]) -> Outcome {
    let sizes: Vec<_> = got.iter().map(|message| message.len().to_string()).collect();
    let same = if got == messages() { "equal to" } else { "different from" };
    say(&format!(
        "{how}: {} messages of {} bytes, {same} what was sent",
        got.len(),
        sizes.join(", ")
    ))
}

/// What a receiver must not believe. No socket is needed: both fixes take any stream of bytes.
fn refused() -> Outcome {
    say("refused:")?;
    for (what, bytes) in [
        ("a length that lies", &b"\xff\xff\xff\xffabc"[..]),
        ("an end inside a message", b"\0\0\0\x09half"),
        ("an end inside a length", b"\0\0"),
    ] {
        let said = length::receive(&mut Cursor::new(bytes), LIMIT);
        say(&format!("  {what}: {}", sentence(said)))?;
    }
    let endless = vec![b'.'; LIMIT + 1];
    let said = mark::receive(&mut Cursor::new(endless), LIMIT);
    say(&format!("  a line without an end: {}", sentence(said)))?;
    let said = mark::send(&mut io::sink(), b"two\nlines").map(|()| None);
    say(&format!("  a mark inside a message: {}", sentence(said)))
}

fn sentence(result: io::Result<Option<Vec<u8>>>) -> String {
    match result {
        Ok(message) => format!("taken as {message:?}"),
        Err(error) => error.to_string(),
    }
}

pub(crate) fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
