//! Clients that leave in the middle.

use capstone_tftp::server::tcp::Model;
use testkit::leaks::Holdings;
use testkit::until;

use crate::peer::{content, done, get, put};
use crate::start::start;

pub(crate) fn an_upload_that_is_aborted_anywhere_leaves_nothing(model: Model) {
    let server = start(model);
    let file = content(40_000);
    let said = [put(b"a", file.len()), file.clone(), done(&file)].concat();
    let content = said.len() - file.len() - 9;
    let ends = (0..content + 3).chain((content + 3..said.len() - 9).step_by(5000));
    let ends: Vec<usize> = ends.chain(said.len() - 9..said.len()).collect();
    for (turn, end) in ends.iter().enumerate() {
        let mut peer = server.peer();
        peer.says(&said[..*end]);
        // In all ways that there are to leave.
        match turn % 3 {
            0 => drop(peer),
            1 => testkit::peer::reset(peer.0).unwrap(),
            _ => {
                peer.half_closes();
                let mut rest = Vec::new();
                std::io::Read::read_to_end(&mut peer.0, &mut rest).unwrap();
                assert!(rest.is_empty() || rest == b"\0\0\0\x01P", "{}", rest.escape_ascii());
            }
        }
    }
    server.peer().quits();
    until("nothing is left", || server.names().is_empty().then_some(()));
    assert_eq!(server.finish().clients, ends.len() as u64 + 1);
}

pub(crate) fn clients_that_vanish_cost_nothing(model: Model) {
    let server = start(model);
    server.write("a", &content(8 << 20));
    server.peer().quits();
    let settled = || {
        let mut now = Holdings::of(server.pid());
        now.threads.clear();
        now.children.is_empty().then_some(now)
    };
    let before = until("it is alone", settled);
    for turn in 0..60 {
        let mut peer = server.peer();
        peer.says(&get(b"a", turn % 2 == 0));
        peer.found();
        peer.take(turn * 10_000);
        if turn % 3 == 0 { drop(peer) } else { testkit::peer::reset(peer.0).unwrap() }
    }
    server.peer().quits();
    until("nothing is left of sixty clients", || {
        settled().filter(|now| before.leaked(now).is_empty())
    });
    assert_eq!(server.finish().clients, 62);
}
