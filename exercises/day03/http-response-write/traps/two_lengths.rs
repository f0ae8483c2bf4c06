//! expect: With a second opinion in the head

use std::io::{self, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub fn write(response: &Response, method: &str, out: &mut impl Write) -> io::Result<()> {
    let Response { status, fields, body } = response;
    if !(200..600).contains(status) {
        return Err(unfit("a response has a status from 200 to 599"));
    }
    if !fields.iter().all(is_fit) {
        return Err(unfit("a field that a client would read as something else"));
    }
    let bodiless = matches!(status, 204 | 304);

    let mut bytes = format!("HTTP/1.1 {status} {}\r\n", text(*status)).into_bytes();
    for (name, value) in fields {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !bodiless {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    if !bodiless && method != "HEAD" {
        bytes.extend_from_slice(body);
    }
    out.write_all(&bytes)
}

fn is_fit((name, value): &(String, String)) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name.bytes().all(token)
        && value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
}

fn unfit(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

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
