//! expect: the method, as it was sent
//! expect: got:    "GET"
//! expect: wanted: "get"

pub const LINE: usize = 2048;
pub const HEAD: usize = 8192;
pub const BODY: usize = 65_536;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub version: String,
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

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
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let same = move |field: &&(String, Vec<u8>)| field.0.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|field| field.1.as_slice())
    }
}

pub fn parse(came: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let end = came.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let head = &came[..end.unwrap_or(came.len())];
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
    let Some(body) = came[end..].get(..length) else { return Ok(None) };
    request.body = body.to_vec();
    Ok(Some((request, end + length)))
}

fn is_text(head: &[u8]) -> bool {
    head.iter().enumerate().all(|(at, &byte)| match byte {
        b'\r' => head.get(at + 1).is_none_or(|&next| next == b'\n'),
        b'\n' => at > 0 && head[at - 1] == b'\r',
        b'\t' => true,
        other => !other.is_ascii_control(),
    })
}

fn request(head: &[u8]) -> Result<Request, Refused> {
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
    let request =
        Request { method: method.to_uppercase(), target, version, fields, body: Vec::new() };
    match request.all("host").count() {
        0 if request.version == "HTTP/1.1" => Err(Refused::BadRequest),
        0 | 1 => Ok(request),
        _ => Err(Refused::BadRequest),
    }
}

fn field(line: &[u8]) -> Result<(String, Vec<u8>), Refused> {
    let colon = line.iter().position(|&byte| byte == b':').ok_or(Refused::BadRequest)?;
    Ok((token(&line[..colon])?, line[colon + 1..].trim_ascii().to_vec()))
}

fn body_length(request: &Request) -> Result<usize, Refused> {
    if request.field("transfer-encoding").is_some() {
        return Err(Refused::NotImplemented);
    }
    let mut lengths = request.all("content-length");
    let Some(length) = lengths.next() else { return Ok(0) };
    let digits = text(length, u8::is_ascii_digit)?;
    if lengths.any(|other| other != length) {
        return Err(Refused::BadRequest);
    }
    digits.parse().ok().filter(|&length| length <= BODY).ok_or(Refused::ContentTooLarge)
}

fn token(word: &[u8]) -> Result<String, Refused> {
    text(word, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn text(word: &[u8], allowed: impl Fn(&u8) -> bool) -> Result<String, Refused> {
    if word.is_empty() || !word.iter().all(allowed) {
        return Err(Refused::BadRequest);
    }
    String::from_utf8(word.to_vec()).map_err(|_| Refused::BadRequest)
}
