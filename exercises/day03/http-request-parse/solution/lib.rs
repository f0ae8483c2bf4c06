//! Orders: one HTTP request out of the bytes that have come.

/// The longest request line, in bytes, without its end.
pub const LINE: usize = 2048;
/// The longest head: the request line, the fields and the empty line.
pub const HEAD: usize = 8192;
/// The longest body.
pub const BODY: usize = 65_536;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub version: String,
    /// Names as they were sent, and values without the blanks around them, in their order.
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// Why there will be no request: the status that the client is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    BadRequest = 400,
    ContentTooLarge = 413,
    UriTooLong = 414,
    FieldsTooLarge = 431,
    NotImplemented = 501,
    VersionNotSupported = 505,
}

impl Request {
    /// The first field of this name, in whatever case it is written.
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let same = move |field: &&(String, Vec<u8>)| field.0.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|field| field.1.as_slice())
    }
}

/// The request at the front of `came`, and how many bytes of `came` it is. `None` while more has to
/// come.
pub fn parse(came: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    // The head ends at the first empty line. What lies behind it is body: bytes, which nobody looks
    // at here.
    let end = came.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let head = &came[..end.unwrap_or(came.len())];
    // Looked at before the head is whole: garbage need not have an end, and we would keep it all.
    if !is_text(head) {
        return Err(Refused::BadRequest);
    }
    if head.iter().take_while(|&&byte| byte != b'\r').count() > LINE {
        return Err(Refused::UriTooLong);
    }
    if head.len() > HEAD {
        return Err(Refused::FieldsTooLarge);
    }
    let Some(end) = end else { return Ok(None) };

    let mut request = request(head)?;
    let length = body_length(&request)?;
    // Half a body is not an error. It is not a request yet, either.
    let Some(body) = came[end..].get(..length) else { return Ok(None) };
    request.body = body.to_vec();
    Ok(Some((request, end + length)))
}

/// Lines end with `\r\n`, both bytes, and the tabulator is the only other control character. The
/// `\n` of a `\r` at the very end may be on its way.
fn is_text(head: &[u8]) -> bool {
    head.iter().enumerate().all(|(at, &byte)| match byte {
        b'\r' => head.get(at + 1).is_none_or(|&next| next == b'\n'),
        b'\n' => at > 0 && head[at - 1] == b'\r',
        b'\t' => true,
        other => !other.is_ascii_control(),
    })
}

/// What the head says; the body is empty.
fn request(head: &[u8]) -> Result<Request, Refused> {
    // Since every `\n` has its `\r`, the lines can be cut at one of the two.
    let lines = head.split(|&byte| byte == b'\n');
    let mut lines = lines.filter_map(|line| line.strip_suffix(b"\r"));
    let line = lines.next().unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
    let &[method, target, version] = words.as_slice() else { return Err(Refused::BadRequest) };
    let version = match version {
        b"HTTP/1.0" | b"HTTP/1.1" => text(version, u8::is_ascii_graphic)?,
        [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => {
            return Err(Refused::VersionNotSupported);
        }
        _ => return Err(Refused::BadRequest),
    };
    let (method, target) = (token(method)?, text(target, u8::is_ascii_graphic)?);
    let fields = lines.take_while(|line| !line.is_empty()).map(field);
    let fields = fields.collect::<Result<_, Refused>>()?;
    let request = Request { method, target, version, fields, body: Vec::new() };
    // One address carries many sites, and Host says which. Two of them let two programs choose
    // differently.
    match request.all("host").count() {
        0 if request.version == "HTTP/1.1" => Err(Refused::BadRequest),
        0 | 1 => Ok(request),
        _ => Err(Refused::BadRequest),
    }
}

/// `name: value`. A folded line has a blank where a name begins, and a blank is in no token; the
/// same goes for a blank in front of the colon, which some take off and others do not.
fn field(line: &[u8]) -> Result<(String, Vec<u8>), Refused> {
    let colon = line.iter().position(|&byte| byte == b':').ok_or(Refused::BadRequest)?;
    Ok((token(&line[..colon])?, line[colon + 1..].trim_ascii().to_vec()))
}

/// How many bytes behind the head are this request's. Whoever is in doubt refuses: what one program
/// takes for a body, the next one might take for a request.
fn body_length(request: &Request) -> Result<usize, Refused> {
    if request.field("transfer-encoding").is_some() {
        return Err(Refused::NotImplemented);
    }
    let mut lengths = request.all("content-length");
    let Some(length) = lengths.next() else { return Ok(0) };
    // Digits are asked for first: `parse` takes a sign, too.
    let digits = text(length, u8::is_ascii_digit)?;
    if lengths.any(|other| other != length) {
        return Err(Refused::BadRequest);
    }
    // More digits than a number has room for are a body that is too large, all the same.
    digits.parse().ok().filter(|&length| length <= BODY).ok_or(Refused::ContentTooLarge)
}

/// What methods and names are made of (RFC 9110, 5.6.2).
fn token(word: &[u8]) -> Result<String, Refused> {
    text(word, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// At least one byte, and only such as are allowed, all of them ASCII.
fn text(word: &[u8], allowed: impl Fn(&u8) -> bool) -> Result<String, Refused> {
    if word.is_empty() || !word.iter().all(allowed) {
        return Err(Refused::BadRequest);
    }
    String::from_utf8(word.to_vec()).map_err(|_| Refused::BadRequest)
}
