//! A client that asks as fast as it can, until the server ends.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::peer::{Peer, get};

/// Asks for `/a` on one connection after the other, or again and again on one that is kept, until
/// nobody is there any more. Whatever was asked is answered: but for what nobody has accepted, which
/// only the first request on a connection can be.
pub(crate) fn asks(at: SocketAddr, keeps: bool, file: &[u8], answered: &AtomicUsize) {
    loop {
        // Nobody is there any more: that is the end.
        let stream = match TcpStream::connect(at) {
            Ok(stream) => stream,
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return,
            Err(error) => panic!("{error}"),
        };
        stream.set_read_timeout(Some(testkit::LIMIT)).unwrap();
        let mut peer = Peer::of(stream);
        loop {
            if peer.try_to_say(&get("/a")).is_err() {
                assert!(!peer.has_been_answered(), "it was said to go on");
                // A reset from the backlog: nobody has accepted it.
                break;
            }
            let heard = match peer.try_to_hear(false) {
                Ok(heard) => heard,
                Err(error) if !peer.has_been_answered() => {
                    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
                    break;
                }
                Err(error) => panic!("a request was lost: {error}"),
            };
            assert!(heard.body == file);
            answered.fetch_add(1, Ordering::Relaxed);
            if heard.field("Connection") == Some("close") || !keeps {
                break;
            }
        }
    }
}
