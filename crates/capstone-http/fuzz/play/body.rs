//! What holds for any bytes that somebody sends for a body in chunks.

use capstone_http::message::{Body, Framing, Limits, Piece, Refusal};

use crate::strict;

#[derive(Debug, Default, PartialEq, Eq)]
struct Got {
    content: Vec<u8>,
    trailer: Vec<(String, Vec<u8>)>,
    used: usize,
}

/// Panics when something does not hold. The first three bytes decide how the rest is cut into reads,
/// and how much is allowed.
pub(crate) fn play(bytes: &[u8]) {
    let [step, line, trailer, stream @ ..] = bytes else { return };
    let (chunk_line, trailer) = (usize::from(*line), usize::from(*trailer));
    let limits = Limits { chunk_line, trailer, fields: 3, ..Limits::default() };
    let whole = read(Framing::Chunked, stream, stream.len().max(1), limits);
    assert_eq!(read(Framing::Chunked, stream, usize::from(*step).max(1), limits), whole);
    let strict = strict::chunked(stream);
    // Without limits we see the same; with them, the same or nothing.
    let wide = Limits { chunk_line: usize::MAX, trailer: usize::MAX, fields: usize::MAX, ..limits };
    let free = read(Framing::Chunked, stream, stream.len().max(1), wide);
    let theirs = strict.map(|(content, trailer, rest)| Got {
        content,
        trailer,
        used: stream.len() - rest.len(),
    });
    assert_eq!(free.ok().flatten(), theirs);
    if let Ok(Some(got)) = whole {
        assert_eq!(Some(&got), theirs.as_ref());
        assert!(got.trailer.len() <= limits.fields);
    }
    // A body with a length is what its length says.
    let length = usize::from(*line);
    let got = read(Framing::Length(length as u64), stream, usize::from(*step).max(1), limits);
    let content = stream.get(..length).map(<[u8]>::to_vec);
    let got = got.expect("a length is never refused").map(|got| (got.used, got.content));
    assert_eq!(got, content.map(|content| (length, content)));
}

/// What came out; `None` when the end did not come.
fn read(
    framing: Framing,
    stream: &[u8],
    step: usize,
    limits: Limits,
) -> Result<Option<Got>, Refusal> {
    let (mut body, mut got, mut to) = (Body::new(framing, limits), Got::default(), 0);
    loop {
        let fed = body.feed(&stream[got.used..to])?;
        got.used += fed.used;
        match fed.piece {
            Piece::Data(data) => {
                assert!(!data.is_empty() && data.len() == fed.used || fed.used > data.len());
                got.content.extend_from_slice(data);
            }
            Piece::Trailer(field) => {
                let name = String::from_utf8_lossy(field.name).into_owned();
                got.trailer.push((name, field.value.to_vec()));
            }
            Piece::End => return Ok(Some(got)),
            Piece::Partial if to == stream.len() => return Ok(None),
            Piece::Partial => to = stream.len().min(to + step),
        }
    }
}
