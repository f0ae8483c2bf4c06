//! Files that change while they are sent.

use std::fs::{self, File};
use std::io::Read as _;

use capstone_http::server::Model;

use crate::peer::{content, get};
use crate::start::start;

/// More than all buffers between two processes.
const LARGE: usize = 32 << 20;

pub(crate) fn a_file_that_becomes_shorter_ends_the_connection(model: Model) {
    let server = start(model);
    let path = server.write("large", &content(LARGE));
    let mut peer = server.peer();
    peer.says(get("/large"));
    peer.says(get("/large"));
    peer.take(1000);
    File::options().write(true).open(path).unwrap().set_len(5000).unwrap();
    let mut rest = Vec::new();
    let _ = peer.stream.read_to_end(&mut rest);
    // Nothing was made up for what is missing, and no other answer taken for it.
    assert!(rest.len() < LARGE, "{}", rest.len());
    assert_eq!(server.finish().failed, 1);
}

pub(crate) fn a_file_that_is_replaced_comes_as_it_was(model: Model) {
    let server = start(model);
    let file = content(LARGE);
    let path = server.write("large", &file);
    let mut peer = server.peer();
    peer.says("GET /large HTTP/1.0\r\n\r\n");
    let mut all = peer.take(1000);
    let other = server.write("other", b"another");
    fs::rename(other, path).unwrap();
    peer.stream.read_to_end(&mut all).unwrap();
    assert!(all.ends_with(&file) && all.len() > LARGE);
    server.finish();
}
