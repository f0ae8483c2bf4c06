//! Scripts of other sites, by option: what they may do with the data (the Fetch standard's CORS).

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "conformance/peer.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod peer;
#[path = "common/server.rs"]
mod server;

use peer::Peer;
use server::Server;

const ORIGIN: &str = "Access-Control-Allow-Origin";
const METHODS: &str = "Access-Control-Allow-Methods";

fn preflight(peer: &mut Peer, path: &str) -> peer::Heard {
    let fields = "Origin: http://y\r\nAccess-Control-Request-Method: PUT\r\n\
        Access-Control-Request-Headers: content-type\r\n";
    peer.says(format!("OPTIONS {path} HTTP/1.1\r\nHost: h\r\n{fields}\r\n"));
    let heard = peer.hears();
    assert_eq!((heard.status, heard.body.len()), (204, 0), "{heard:?}");
    heard
}

#[test]
fn a_script_may_ask_and_write_when_it_may() {
    let server = Server::with(&["--data", "/api", "--cors", "http://y"]);
    let mut peer = Peer::to(server.at);
    for (path, allowed) in
        [("/api", "GET, HEAD, OPTIONS, POST"), ("/api/new", "GET, HEAD, OPTIONS, PUT")]
    {
        let heard = preflight(&mut peer, path);
        assert_eq!(heard.field("Allow"), Some(allowed));
        assert_eq!((heard.field(METHODS), heard.field(ORIGIN)), (Some(allowed), Some("http://y")));
        let fields = heard.field("Access-Control-Allow-Headers").unwrap();
        assert!(fields.split(", ").any(|name| name == "Content-Type"), "{fields}");
    }
    let body = "{\"day\":9,\"minutes\":1,\"title\":\"new\"}";
    let head = "Host: h\r\nOrigin: http://y\r\nContent-Type: application/json\r\n";
    let length = body.len();
    for (method, path, status) in
        [("PUT", "/api/new", 201), ("GET", "/api/new", 200), ("DELETE", "/api/new", 405)]
    {
        peer.says(format!(
            "{method} {path} HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n{body}"
        ));
        let heard = peer.hears();
        assert_eq!((heard.status, heard.field(ORIGIN)), (status, Some("http://y")), "{heard:?}");
    }
    drop(peer);
    server.ends();
}

#[test]
fn without_the_option_nobody_may() {
    let server = Server::with(&["--data", "/api"]);
    let mut peer = Peer::to(server.at);
    let heard = preflight(&mut peer, "/api/new");
    assert_eq!(heard.field("Allow"), Some("GET, HEAD, OPTIONS, PUT"));
    assert_eq!((heard.field(METHODS), heard.field(ORIGIN)), (None, None));
    peer.says(peer::get("/api"));
    assert_eq!(peer.hears().field(ORIGIN), None);
    drop(peer);
    server.ends();
}
