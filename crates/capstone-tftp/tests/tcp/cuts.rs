//! The stream does not know where a frame begins.

use capstone_tftp::server::tcp::Model;
use capstone_tftp::store::Rules;
use capstone_tftp::wire::{Answer, Request};

use crate::peer::{Peer, content, done, get, put};
use crate::start::{Wish, start_with};

/// All that a client says for one of everything, and what it hears then.
fn story() -> (Vec<u8>, Vec<u8>) {
    let file = content(3);
    let said = [
        put(b"b", file.len()),
        file.clone(),
        done(&file),
        get(b"b", true),
        Request::Quit.to_bytes(),
    ];
    (said.concat(), file)
}

/// The server reads the beginning before there is a rest.
fn hears(peer: &mut Peer, file: &[u8]) {
    peer.hears(&Answer::Go);
    peer.hears(&Answer::Done { checksum: None });
    peer.gets(file, true);
    peer.hears(&Answer::Bye);
}

fn wish() -> Wish {
    Wish { rules: Rules { overwrite: true, ..Rules::default() }, ..Wish::default() }
}

pub(crate) fn frames_cut_at_every_byte(model: Model) {
    let server = start_with(model, wish());
    let (said, file) = story();
    for cut in 1..said.len() {
        let mut peer = server.peer();
        peer.says(&said[..cut]);
        testkit::peer::until_read(&peer.0);
        peer.says(&said[cut..]);
        hears(&mut peer, &file);
        peer.ends();
    }
    assert_eq!(server.finish().done, said.len() as u64 - 1);
}

pub(crate) fn a_byte_at_a_time(model: Model) {
    let server = start_with(model, wish());
    let (said, file) = story();
    let mut peer = server.peer();
    for byte in said {
        peer.says(&[byte]);
        testkit::peer::until_read(&peer.0);
    }
    hears(&mut peer, &file);
    peer.ends();
    assert_eq!(server.finish().done, 1);
}
