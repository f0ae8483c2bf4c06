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
        todo!()
    }
}

/// The request at the front of `came`, and how many bytes of `came` it is. `None` while more has to
/// come.
pub fn parse(came: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    todo!()
}
