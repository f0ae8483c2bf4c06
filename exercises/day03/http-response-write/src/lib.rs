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
    todo!()
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
