//! What the site says: the bytes that have come in, the bytes of the answer out.

use crate::request::{self, Request};
use crate::response::{Response, Status};

/// An answer, and what it means for the connection.
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    /// How many of the bytes that have come it answers. Behind them begins the next request.
    pub(crate) used: usize,
    pub(crate) close: bool,
    pub(crate) status: Status,
}

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

fn page(path: &str) -> Option<(&'static str, &'static str)> {
    match path {
        "/" => Some((HTML, "<h1>Nine Days</h1>\n<p><a href=\"/hello\">你好</a></p>\n")),
        "/hello" => Some((TEXT, "你好，世界\n")),
        _ => None,
    }
}

/// The answer to the request at the front of `came`; `None` while that is not whole. Nothing is
/// remembered from one request to the next: the protocol has no state. Where a site seems to
/// remember, the client has told it again (a cookie).
pub(crate) fn answer(came: &[u8]) -> Option<Answer> {
    match request::parse(came) {
        Ok(whole) => whole.map(|(request, used)| {
            let response = respond(&request);
            let bytes = response.bytes(request.method == "HEAD");
            Answer { bytes, used, close: response.close, status: response.status }
        }),
        // Where the next request would begin is not known any more.
        Err(status) => Some(refuse(came, status)),
    }
}

/// The answer to what is no request; the connection ends with it.
pub(crate) fn refuse(came: &[u8], status: Status) -> Answer {
    let bytes = failure(status, true).bytes(came.starts_with(b"HEAD "));
    Answer { bytes, used: came.len(), close: true, status }
}

fn respond(request: &Request<'_>) -> Response {
    // A body would have to be read before the next request: we close behind it instead.
    let close = request.wants_close() || request.has_body();
    match request.method {
        "GET" | "HEAD" => {}
        // Known, and not for these pages. CONNECT asks for a tunnel, OPTIONS for this very list.
        "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH" => {
            return failure(Status::MethodNotAllowed, close);
        }
        _ => return failure(Status::NotImplemented, close),
    }
    // To a proxy a client sends the whole URL, and a server must understand that too.
    let path = match request.target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => request.target,
    };
    if !path.starts_with('/') {
        return failure(Status::BadRequest, close);
    }
    let path = path.split('?').next().unwrap_or_default();
    let Some((kind, body)) = page(path) else { return failure(Status::NotFound, close) };
    Response { status: Status::Ok, kind, body: body.into(), close }
}

fn failure(status: Status, close: bool) -> Response {
    Response { status, kind: TEXT, body: format!("{}\n", status.text()), close }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_for_each_kind_of_request() {
        for (line, status) in [
            ("GET /", Status::Ok),
            ("GET /hello?lang=zh", Status::Ok),
            ("GET http://example.org", Status::Ok),
            ("GET http://example.org/hello", Status::Ok),
            ("GET /hello/", Status::NotFound),
            ("GET *", Status::BadRequest),
            ("POST /", Status::MethodNotAllowed),
            ("OPTIONS *", Status::MethodNotAllowed),
            ("BREW /", Status::NotImplemented),
            ("get /", Status::NotImplemented),
        ] {
            let request = format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n");
            let answer = answer(request.as_bytes()).unwrap();
            assert_eq!((answer.status, answer.close), (status, false), "{line}");
            assert_eq!(answer.used, request.len());
        }
    }

    #[test]
    fn an_answer_to_head_has_no_body_whatever_it_is() {
        for request in ["HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n"] {
            assert!(answer(request.as_bytes()).unwrap().bytes.ends_with(b"\r\n\r\n"), "{request}");
        }
    }
}
