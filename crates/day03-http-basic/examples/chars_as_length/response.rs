//! The response: a value in, bytes out (RFC 9110, RFC 9112).

/// The code is for programs, the text behind it for people.
///
/// 1xx is provisional, the real answer follows; 2xx success; 3xx look elsewhere; 4xx the client
/// must change something; 5xx the server cannot do it. Two that are often confused and not needed
/// here: 401 means "I do not know who you are", 403 means "I know, and no".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok = 200,
    BadRequest = 400,
    NotFound = 404,
    MethodNotAllowed = 405,
    RequestTimeout = 408,
    UriTooLong = 414,
    FieldsTooLarge = 431,
    NotImplemented = 501,
    VersionNotSupported = 505,
}

impl Status {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::BadRequest => "Bad Request",
            Self::NotFound => "Not Found",
            Self::MethodNotAllowed => "Method Not Allowed",
            Self::RequestTimeout => "Request Timeout",
            Self::UriTooLong => "URI Too Long",
            Self::FieldsTooLarge => "Request Header Fields Too Large",
            Self::NotImplemented => "Not Implemented",
            Self::VersionNotSupported => "HTTP Version Not Supported",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: Status,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
    /// The last one on this connection.
    pub(crate) close: bool,
}

impl Response {
    /// What goes out. `without_body` is the answer to HEAD: the same head, and nothing behind it.
    pub(crate) fn bytes(&self, without_body: bool) -> Vec<u8> {
        let Self { status, kind, body, close } = self;
        let (code, text) = (*status as u16, status.text());
        // WRONG: characters. For English text both numbers are the same, and nobody notices.
        let length = body.chars().count();
        let mut out = format!(
            "HTTP/1.1 {code} {text}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
        );
        if *status == Status::MethodNotAllowed {
            out += "Allow: GET, HEAD\r\n";
        }
        if *close {
            out += "Connection: close\r\n";
        }
        // A server that has a clock also says `Date:`. It is left out here, so that the bytes of
        // the lesson are the same on every run.
        out += "\r\n";
        if !without_body {
            out += body;
        }
        out.into_bytes()
    }
}
