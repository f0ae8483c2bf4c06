//! Messages with a type, framed: a length in front (day 2), and in each frame a byte that says
//! what it is. CPython's send does the same with pickled objects.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use sockets::framing::{Decoder as _, Lengths};

use crate::child::{finish, start};

/// What the two talk about. Whoever receives must be ready for anything, so there is an error for
/// what is none of these.
#[derive(Debug, PartialEq)]
enum Message {
    Number(i64),
    Text(String),
    Bye,
}

impl Message {
    fn encode(&self, out: &mut Vec<u8>) -> Outcome {
        let body = match self {
            Self::Number(number) => [b"n", &number.to_be_bytes()[..]].concat(),
            Self::Text(text) => [b"t", text.as_bytes()].concat(),
            Self::Bye => vec![b'b'],
        };
        Ok(Lengths::encode(&body, out)?)
    }

    fn decode(frame: &[u8]) -> Outcome<Self> {
        match frame.split_first() {
            Some((b'n', rest)) => Ok(Self::Number(i64::from_be_bytes(rest.try_into()?))),
            Some((b't', rest)) => Ok(Self::Text(String::from_utf8(rest.to_vec())?)),
            Some((b'b', [])) => Ok(Self::Bye),
            _ => Err(format!("no message: {}", frame.escape_ascii()).into()),
        }
    }
}

pub(crate) fn run() -> Outcome {
    let (mut reader, writer) = io::pipe()?;
    let child = start(|| send(&writer))?;
    drop(writer);

    let (mut frames, mut told, mut reads) = (Lengths::with_limit(1000), Vec::new(), 0);
    // 5 bytes at a time, to make it hard: no read is a frame.
    let mut bytes = [0; 5];
    loop {
        let n = reader.read(&mut bytes)?;
        if n == 0 {
            break;
        }
        reads += 1;
        frames.push(&bytes[..n]);
        while let Some(frame) = frames.next()? {
            told.push(format!("{:?}", Message::decode(&frame)?));
        }
    }
    // An end in the middle of a frame is an error, and not an end.
    frames.finish()?;
    finish(child)?;
    let other = Message::decode(b"x?").map_or_else(|error| error.to_string(), |_| String::new());

    let mut out = io::stdout();
    writeln!(out, "typed frames, one write and {reads} reads: {}", told.join(", "))?;
    writeln!(out, "  a frame of no type that we know: {other}")?;
    Ok(())
}

fn send(mut writer: &io::PipeWriter) -> Outcome {
    let mut bytes = Vec::new();
    for message in [
        Message::Number(-7),
        Message::Text("你好".into()),
        Message::Text(String::new()),
        Message::Bye,
    ] {
        message.encode(&mut bytes)?;
    }
    Ok(writer.write_all(&bytes)?)
}
