//! A stream of requests as our parser reads it, in pieces as they might come from a socket.

use capstone_http::message::{
    Body, Field, Limits, Parsed, Piece, Refusal, Target, parse, parse_again,
};

use crate::strict::Seen;

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Behind a whole request.
    Clean,
    /// Inside of one.
    More,
    /// One was refused.
    Refused(Refusal),
}

/// All whole requests, and how it ended. At each index in `cuts` a read ended.
pub(crate) fn read(stream: &[u8], cuts: &[usize]) -> (Vec<Seen>, End) {
    let mut all = Vec::new();
    let end = conversation(stream, cuts, &mut all);
    (all, end.unwrap_or_else(End::Refused))
}

fn conversation(stream: &[u8], cuts: &[usize], all: &mut Vec<Seen>) -> Result<End, Refusal> {
    let limits = Limits::default();
    // What has been read and not been used.
    let (mut from, mut to) = (0, 0);
    let mut ends = cuts.iter().copied().chain([stream.len()]).filter(|&end| end <= stream.len());
    loop {
        let mut seen = None;
        let (mut request, mut body, length) = loop {
            let bytes = &stream[from..to];
            let parsed = match seen {
                None => parse(bytes, &limits)?,
                Some(seen) => parse_again(bytes, seen, &limits)?,
            };
            if let Parsed::Done { head, length } = parsed {
                let target = match head.target {
                    Target::Asterisk => "*".to_owned(),
                    _ => target_of(&bytes[..length]),
                };
                let request = Seen {
                    method: text(head.method.as_bytes()),
                    target,
                    fields: head.fields.iter().map(pair).collect(),
                    ..Seen::default()
                };
                break (request, Body::new(head.framing, limits), length);
            }
            seen = Some(bytes.len());
            match ends.by_ref().find(|&end| end > to) {
                Some(end) => to = end,
                None if from == to => return Ok(End::Clean),
                None => return Ok(End::More),
            }
        };
        from += length;
        loop {
            let fed = body.feed(&stream[from..to])?;
            from += fed.used;
            match fed.piece {
                Piece::Data(data) => request.content.extend_from_slice(data),
                Piece::Trailer(field) => request.trailer.push(pair(field)),
                Piece::End => break,
                Piece::Partial => match ends.by_ref().find(|&end| end > to) {
                    Some(end) => to = end,
                    None => return Ok(End::More),
                },
            }
        }
        all.push(request);
    }
}

/// The word between the first two blanks, which is what a strict reading calls the target.
fn target_of(head: &[u8]) -> String {
    text(head.split(|&byte| byte == b' ').nth(1).unwrap_or_default())
}

fn pair(field: Field<'_>) -> (String, Vec<u8>) {
    (text(field.name), field.value.to_vec())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
