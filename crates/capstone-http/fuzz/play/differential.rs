//! Our parser beside `httparse`, which hyper reads with: what both accept, both must read alike. It
//! accepts more (bare line feeds, several lengths); whatever we accept, it must.

use capstone_http::message::{Body, Fed, Framing, Limits, Method, Parsed, Piece, Version, parse};

/// Panics when the two differ.
pub(crate) fn play(bytes: &[u8]) {
    head(bytes);
    chunk(bytes);
}

fn head(bytes: &[u8]) {
    let mut places = [httparse::EMPTY_HEADER; 64];
    let mut theirs = httparse::Request::new(&mut places);
    let status = theirs.parse(bytes);
    let Ok(Parsed::Done { head, length }) = parse(bytes, &Limits::default()) else { return };
    let words: Vec<&[u8]> = bytes[..length].trim_ascii_start().splitn(3, |&b| b == b' ').collect();
    let [method, target, version] = words[..] else { panic!("three words") };
    assert_eq!(head.method.as_bytes(), method);
    assert_eq!(head.method == Method::Get, method == b"GET");
    if !version.starts_with(b"HTTP/1.0") && !version.starts_with(b"HTTP/1.1") {
        return assert_eq!(head.version, Version::Http11, "1.2 and above, which it does not know");
    }
    assert_eq!(status, Ok(httparse::Status::Complete(length)));
    assert_eq!(theirs.method.map(str::as_bytes), Some(method));
    assert_eq!(theirs.path.map(str::as_bytes), Some(target));
    assert_eq!(theirs.version, Some(u8::from(head.version == Version::Http11)));
    let ours: Vec<_> = head.fields.iter().map(|field| (field.name, field.value)).collect();
    let fields: Vec<_> =
        theirs.headers.iter().map(|field| (field.name.as_bytes(), field.value)).collect();
    assert_eq!(ours, fields);
    for (name, _) in ours {
        let name = str::from_utf8(name).expect("a token is ASCII");
        let same = theirs.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        assert!(head.fields.all(name).eq(same.map(|field| field.value)), "{name}");
    }
}

/// The line in front of a chunk.
fn chunk(bytes: &[u8]) {
    let limits = Limits { chunk_line: usize::MAX, ..Limits::default() };
    let mut body = Body::new(Framing::Chunked, limits);
    let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") else { return };
    let line = &bytes[..end + 2];
    let Ok(fed) = body.feed(line) else { return };
    assert_eq!((fed.used, fed.piece), (line.len(), Piece::Partial));
    let theirs = httparse::parse_chunk_size(line);
    // It wants at most 16 digits, and no blanks around what an extension consists of.
    let Ok(httparse::Status::Complete((length, size))) = theirs else { return };
    assert_eq!(length, line.len());
    let fill = [b'x'; 512];
    match body.feed(&fill) {
        Ok(Fed { piece: Piece::Data(data), .. }) => assert_eq!(data.len() as u64, size.min(512)),
        // The last chunk has no content: the fill is the beginning of a trailer.
        other => assert_eq!(size, 0, "{other:?}"),
    }
}
