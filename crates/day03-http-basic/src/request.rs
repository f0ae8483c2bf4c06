//! The request: bytes in, value out (RFC 9112). Nothing here reads, waits or answers.

use crate::response::Status;

/// The longest request line, in bytes. A peer decides how much it sends, we how much we keep.
pub(crate) const LINE: usize = 2048;
/// The longest head: the request line, the header fields and the empty line behind them.
pub(crate) const HEAD: usize = 8192;

#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) version: &'a str,
    /// A name is text, a value is bytes: nothing says that a value is UTF-8.
    pub(crate) fields: Vec<(&'a str, &'a [u8])>,
}

/// The request at the front of `bytes` and the length of its head; `None` while the empty line
/// that ends the head has not come yet.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Request<'_>, usize)>, Status> {
    // Old clients send an empty line behind a body; it is passed over in front of a request.
    let mut start = 0;
    while bytes[start..].starts_with(b"\r\n") {
        start += 2;
    }
    // The head ends at the first empty line. What lies behind it is not ours to look at.
    let end = bytes[start..].windows(4).position(|four| four == b"\r\n\r\n");
    let head = &bytes[start..end.map_or(bytes.len(), |at| start + at + 4)];
    // Each limit is checked before the head is whole: garbage need not end at all.
    if !is_text(head) {
        return Err(Status::BadRequest);
    }
    if head.iter().take_while(|&&byte| byte != b'\r').count() > LINE {
        return Err(Status::UriTooLong);
    }
    if start + head.len() > HEAD {
        return Err(Status::FieldsTooLarge);
    }
    let Some(end) = end else { return Ok(None) };

    let lines = head[..end].split(|&byte| byte == b'\n');
    let mut lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let request = request(lines.next().unwrap_or_default(), lines)?;
    Ok(Some((request, start + head.len())))
}

fn request<'a>(
    line: &'a [u8],
    rest: impl Iterator<Item = &'a [u8]>,
) -> Result<Request<'a>, Status> {
    // METHOD SP TARGET SP VERSION, with one blank each.
    let words: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
    let &[method, target, version] = &words[..] else { return Err(Status::BadRequest) };
    let method = token(method)?;
    let target = text(target, u8::is_ascii_graphic)?;
    let version = text(version, u8::is_ascii_graphic)?;
    match version {
        "HTTP/1.0" | "HTTP/1.1" => {}
        other if other.starts_with("HTTP/") => return Err(Status::VersionNotSupported),
        _ => return Err(Status::BadRequest),
    }
    let fields = rest.map(field).collect::<Result<Vec<_>, Status>>()?;
    let request = Request { method, target, version, fields };
    // One address may carry many sites. Host says which, so that 1.1 demands it, once.
    let hosts = request.all("host").count();
    if hosts > 1 || (hosts == 0 && version == "HTTP/1.1") {
        return Err(Status::BadRequest);
    }
    // Two opinions about where the body ends are how one request is smuggled inside another.
    let lengths: Vec<&[u8]> = request.all("content-length").collect();
    let numbers = lengths.iter().all(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit));
    if !numbers || lengths.len() + request.all("transfer-encoding").count() > 1 {
        return Err(Status::BadRequest);
    }
    Ok(request)
}

/// `Name: value`. A blank in front of the colon, or of the line, makes the name no token.
fn field(line: &[u8]) -> Result<(&str, &[u8]), Status> {
    let colon = line.iter().position(|&byte| byte == b':').ok_or(Status::BadRequest)?;
    Ok((token(&line[..colon])?, line[colon + 1..].trim_ascii()))
}

/// What methods and names are made of (RFC 9110, 5.6.2).
fn token(word: &[u8]) -> Result<&str, Status> {
    text(word, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn text(word: &[u8], allowed: impl Fn(&u8) -> bool) -> Result<&str, Status> {
    let good = !word.is_empty() && word.iter().all(allowed);
    std::str::from_utf8(word).ok().filter(|_| good).ok_or(Status::BadRequest)
}

/// Lines end with `\r\n`, both bytes, and there is no other control byte but the tabulator. A `\r`
/// at the very end is text: its `\n` may be on the way.
fn is_text(head: &[u8]) -> bool {
    head.iter().enumerate().all(|(at, &byte)| match byte {
        b'\r' => head.get(at + 1).is_none_or(|&next| next == b'\n'),
        b'\n' => at > 0 && head[at - 1] == b'\r',
        b'\t' => true,
        other => !other.is_ascii_control(),
    })
}

impl<'a> Request<'a> {
    /// All values of a field. Names are compared without regard to case.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let same = move |field: &&(&str, &[u8])| field.0.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|field| field.1)
    }

    /// A connection of HTTP/1.1 stays open unless one side says `Connection: close`.
    pub(crate) fn wants_close(&self) -> bool {
        let mut options = self.all("connection").flat_map(|value| value.split(|&b| b == b','));
        self.version == "HTTP/1.0"
            || options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    }

    /// Whether bytes follow that belong to this request and are not the next one.
    pub(crate) fn has_body(&self) -> bool {
        let length = |value: &[u8]| value.iter().any(|&digit| digit != b'0');
        self.all("content-length").any(length) || self.all("transfer-encoding").next().is_some()
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
