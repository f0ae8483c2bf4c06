//! A strict reading of what a client sends, too simple to be wrong: it has the whole stream at once,
//! splits and copies, and knows nothing of limits. It was written from the grammar of RFC 9112, not
//! from our parser, and shares no line with it.

mod words;

use words::{extensions, is_absolute, is_authority, is_origin, is_token};

/// A request as somebody else would see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) content: Vec<u8>,
    pub(crate) trailer: Vec<(String, Vec<u8>)>,
}

/// All requests that are whole and beyond doubt; behind the first other one nothing is believed.
pub(crate) fn read(mut stream: &[u8]) -> Vec<Seen> {
    let mut all = Vec::new();
    while let Some((seen, rest)) = request(stream) {
        all.push(seen);
        stream = rest;
    }
    all
}

fn request(stream: &[u8]) -> Option<(Seen, &[u8])> {
    let stream = stream.strip_prefix(b"\r\n").unwrap_or(stream);
    let (head, mut rest) = until(stream, b"\r\n\r\n")?;
    let (first, lines) = match until(head, b"\r\n") {
        Some((first, lines)) => (first, lines),
        None => (head, &b""[..]),
    };
    let first = String::from_utf8(first.to_vec()).ok()?;
    let [method, target, version] = first.split(' ').collect::<Vec<_>>()[..] else { return None };
    let minor: u8 =
        version.strip_prefix("HTTP/1.").filter(|minor| minor.len() == 1)?.parse().ok()?;
    let good_target = match method {
        "CONNECT" => target.contains(':') && is_authority(target),
        _ => (method == "OPTIONS" && target == "*") || is_origin(target) || is_absolute(target),
    };
    if !is_token(method) || method.len() > 32 || !good_target {
        return None;
    }
    let mut seen = Seen { fields: fields(lines)?, ..Seen::default() };
    (seen.method, seen.target) = (method.into(), target.into());

    let hosts = values(&seen.fields, "host");
    let good_host =
        |host: &&[u8]| str::from_utf8(host).is_ok_and(|host| host.is_empty() || is_authority(host));
    if hosts.len() > 1 || (hosts.is_empty() && minor > 0) || !hosts.iter().all(good_host) {
        return None;
    }
    match (
        &values(&seen.fields, "content-length")[..],
        &values(&seen.fields, "transfer-encoding")[..],
    ) {
        ([], []) => {}
        ([length], []) => {
            if !length.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let length: usize = str::from_utf8(length).ok()?.parse().ok()?;
            let (content, behind) = rest.split_at_checked(length)?;
            (seen.content, rest) = (content.to_vec(), behind);
        }
        ([], [coding]) if minor > 0 && coding.eq_ignore_ascii_case(b"chunked") => {
            (seen.content, seen.trailer, rest) = chunked(rest)?;
        }
        _ => return None,
    }
    Some((seen, rest))
}

/// Content, trailer, and what is behind them.
#[allow(clippy::type_complexity, reason = "it is a test")]
pub(crate) fn chunked(mut rest: &[u8]) -> Option<(Vec<u8>, Vec<(String, Vec<u8>)>, &[u8])> {
    let mut content = Vec::new();
    loop {
        let (line, behind) = until(rest, b"\r\n")?;
        let digits: String =
            line.iter().map(|&b| char::from(b)).take_while(char::is_ascii_hexdigit).collect();
        if !extensions(&line[digits.len()..]) {
            return None;
        }
        let length = usize::try_from(u64::from_str_radix(&digits, 16).ok()?).ok()?;
        if length == 0 {
            rest = behind;
            break;
        }
        let (data, behind) = behind.split_at_checked(length)?;
        content.extend_from_slice(data);
        rest = behind.strip_prefix(b"\r\n")?;
    }
    if let Some(behind) = rest.strip_prefix(b"\r\n") {
        return Some((content, Vec::new(), behind));
    }
    let (lines, behind) = until(rest, b"\r\n\r\n")?;
    Some((content, fields(lines)?, behind))
}

fn fields(lines: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let (mut all, mut rest) = (Vec::new(), lines);
    while !rest.is_empty() {
        let (line, behind) = until(rest, b"\r\n").unwrap_or((rest, b""));
        rest = behind;
        let (name, value) = until(line, b":")?;
        let name = str::from_utf8(name).ok().filter(|name| is_token(name))?;
        if value.iter().any(|&byte| byte != b'\t' && byte.is_ascii_control()) {
            return None;
        }
        let is_text = |byte: &u8| *byte != b' ' && *byte != b'\t';
        let from = value.iter().position(is_text).unwrap_or(value.len());
        let to = value.iter().rposition(is_text).map_or(from, |last| last + 1);
        all.push((name.to_owned(), value[from..to].to_vec()));
    }
    Some(all)
}

fn values<'a>(fields: &'a [(String, Vec<u8>)], name: &str) -> Vec<&'a [u8]> {
    let same = fields.iter().filter(|field| field.0.eq_ignore_ascii_case(name));
    same.map(|field| &field.1[..]).collect()
}

/// What stands in front of the first `mark`, and what behind it.
fn until<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(mark.len()).position(|window| window == mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}
