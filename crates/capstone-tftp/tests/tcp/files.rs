//! A file that does not stay what it was while it is read.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};

use capstone_tftp::server::tcp::Model;
use capstone_tftp::store::{Rules, Store};
use capstone_tftp::wire::Code;

use crate::peer::{Peer, content, get};
use crate::start::{Running, start};

/// More than all buffers between the server and a client that does not read.
const BIG: usize = 16 << 20;

/// A client that has asked for a big file and has not got all of it.
fn in_the_middle(server: &Running, file: &[u8], checksum: bool) -> Peer {
    server.write("a", file);
    let mut peer = server.peer();
    peer.says(&get(b"a", checksum));
    assert_eq!(peer.found().0, BIG as u64);
    assert!(peer.take(100_000) == file[..100_000]);
    peer
}

pub(crate) fn a_file_that_is_replaced_meanwhile_comes_as_it_was(model: Model) {
    let server = start(model);
    let file = content(BIG);
    for checksum in [false, true] {
        let mut peer = in_the_middle(&server, &file, checksum);
        // As an upload does it.
        let rules = Rules { overwrite: true, ..Rules::default() };
        let store = Store::open(server.path(), rules).unwrap();
        let mut upload = store.write(b"a", None).unwrap();
        upload.append(b"new").unwrap();
        upload.commit().unwrap();
        assert!(peer.take(BIG - 100_000) == file[100_000..]);
        assert_eq!(peer.frame()[0], b'D');
        peer.says(&get(b"a", checksum));
        peer.gets(b"new", checksum);
        peer.quits();
    }
    assert_eq!(server.finish().done, 2);
}

pub(crate) fn a_file_that_is_written_to_meanwhile_is_called_changed(model: Model) {
    let server = start(model);
    let file = content(BIG);
    for checksum in [false, true] {
        let mut peer = in_the_middle(&server, &file, checksum);
        let mut same = OpenOptions::new().write(true).open(server.path().join("a")).unwrap();
        same.write_all(b"other").unwrap();
        peer.take(BIG - 100_000);
        peer.is_refused(Code::Changed);
        peer.quits();
    }
    assert_eq!(server.finish().done, 2);
}

pub(crate) fn a_file_that_becomes_shorter_ends_the_connection(model: Model) {
    let server = start(model);
    let file = content(BIG);
    for checksum in [false, true] {
        let mut peer = in_the_middle(&server, &file, checksum);
        let same = OpenOptions::new().write(true).open(server.path().join("a")).unwrap();
        same.set_len(BIG as u64 / 2).unwrap();
        let mut rest = Vec::new();
        // An end or a reset; no frame and no other byte in the place of the missing ones.
        let _ = peer.0.read_to_end(&mut rest);
        assert!(rest.len() <= BIG / 2 - 100_000, "{} bytes", rest.len());
        assert!(rest == file[100_000..100_000 + rest.len()]);
    }
    server.peer().quits();
    let counts = server.finish();
    assert_eq!((counts.done, counts.failed), (1, 2));
}
