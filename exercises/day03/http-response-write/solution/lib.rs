//! A museum's pages: a response as the bytes that a client reads.

use std::io::{self, Write};

/// What a client is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 200 to 599.
    pub status: u16,
    /// Names and values, in the order in which they are sent.
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Writes the response to a request with this method.
pub fn write(response: &Response, method: &str, out: &mut impl Write) -> io::Result<()> {
    let Response { status, fields, body } = response;
    // All of it is looked at before the first byte goes out: what has been sent cannot be taken
    // back.
    if !(200..600).contains(status) {
        return Err(unfit("a response has a status from 200 to 599"));
    }
    if !fields.iter().all(is_fit) {
        return Err(unfit("a field that a client would read as something else"));
    }
    // To these two there is never a body, and a client does not look for one (RFC 9112, 6.3).
    let bodiless = matches!(status, 204 | 304);

    // The blank behind the code stands there without a text as well (RFC 9112, 4).
    let mut bytes = format!("HTTP/1.1 {status} {}\r\n", text(*status)).into_bytes();
    for (name, value) in fields {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !bodiless {
        // The number of bytes: len() of a Vec<u8>, and of a str as well.
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    // HEAD asks what GET would say about the body. It is told, and the body stays here.
    if !bodiless && method != "HEAD" {
        bytes.extend_from_slice(body);
    }
    // One write for both: a body that is written behind its head waits in the kernel until the
    // client has acknowledged that (Nagle). And write_all goes on where a write has stopped.
    out.write_all(&bytes)
}

/// A line for each field, and nothing that would end it before. Where the body ends, `write` says:
/// two opinions about that are one too many.
fn is_fit((name, value): &(String, String)) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let ours = ["Content-Length", "Transfer-Encoding"];
    !name.is_empty()
        && name.bytes().all(token)
        && value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
        && !ours.iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

fn unfit(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// What stands behind the code, for people. Programs look at the code alone.
pub fn text(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        404 => "Not Found",
        405 => "Method Not Allowed",
        500 => "Internal Server Error",
        _ => "",
    }
}
