//! The manuals of a workshop, over HTTP: the second version of the server.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

/// Serves the files of `folder` to any number of clients, each of whom may ask any number of times.
pub fn serve(listener: TcpListener, folder: &Path, settings: Settings) -> io::Result<()> {
    todo!()
}

/// The longest head of a request, with its empty line.
pub const HEAD: usize = 8192;
/// The longest body that is read.
pub const BODY: usize = 65_536;

/// What the server allows itself and others.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// So many clients at the same time.
    pub at_once: usize,
    /// A client of whom nothing comes for so long is not waited for any longer.
    pub patience: Duration,
}

/// The head of a request: what a server of files has to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub target: String,
    /// The client wants to ask more over this connection.
    pub stays: bool,
    /// So many bytes behind the head belong to this request.
    pub length: usize,
}

/// The head at the front of `came`, and how many bytes it is; `None` while more has to come; or the
/// code that the client is answered. You have written it on day 3, so here it is.
pub fn head(came: &[u8]) -> Result<Option<(Request, usize)>, u16> {
    let end = came.windows(4).position(|four| four == b"\r\n\r\n");
    if end.map_or(came.len(), |end| end + 4) > HEAD {
        return Err(431);
    }
    let Some(end) = end else { return Ok(None) };
    let head = std::str::from_utf8(&came[..end]).map_err(|_| 400_u16)?;
    let mut lines = head.split("\r\n");
    let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let &[method, target, version @ ("HTTP/1.0" | "HTTP/1.1")] = words.as_slice() else {
        return Err(400);
    };
    let (mut hosts, mut lengths, mut stays) = (0, Vec::new(), version == "HTTP/1.1");
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(400_u16)?;
        let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
        if name.is_empty() || name.contains([' ', '\t']) || line.bytes().any(is_control) {
            return Err(400);
        }
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("host", _) => hosts += 1,
            ("connection", how) => stays &= !how.eq_ignore_ascii_case("close"),
            ("content-length", digits) => lengths.push(digits),
            ("transfer-encoding", _) => return Err(501),
            _ => {}
        }
    }
    let is_good =
        lengths.iter().all(|one| !one.is_empty() && one.bytes().all(|c| c.is_ascii_digit()));
    if method.is_empty() || !target.starts_with('/') || !is_good || lengths.len() > 1 || hosts > 1 {
        return Err(400);
    }
    if hosts == 0 && version == "HTTP/1.1" {
        return Err(400);
    }
    let length = lengths.first().map_or(Ok(0), |digits| digits.parse()).map_err(|_| 413_u16)?;
    Ok(Some((Request { method: method.into(), target: target.into(), stays, length }, end + 4)))
}

/// What stands behind the code, for people.
pub fn text(code: u16) -> &'static str {
    match code {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        _ => "",
    }
}
