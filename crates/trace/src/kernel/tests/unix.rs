//! Unix sockets. Nothing has to be waited for: what is written is there.

use std::io::Write as _;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};

use socket2::{Domain, SockAddr, Type};

use super::socket;
use crate::call::Address;
use crate::state::Backlog;

#[test]
fn a_unix_listener_tells_how_many_wait_and_how_many_may() {
    needs_duplicates!();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server");
    let listener = socket2::Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
    listener.bind(&SockAddr::unix(&path).unwrap()).unwrap();
    listener.listen(3).unwrap();
    let clients = [(); 2].map(|()| UnixStream::connect(&path).unwrap());
    let name = Some(Address::Path(path.display().to_string()));
    let found = socket(&listener);
    assert_eq!((found.kind.as_str(), found.state.as_deref()), ("unix stream", Some("LISTEN")));
    assert_eq!((&found.local, &found.peer), (&name, &None));
    let Some(backlog) = found.backlog else { testkit::skip!("this kernel has no unix_diag") };
    assert_eq!(backlog, Backlog { waiting: 2, limit: Some(3) });
    let found = socket(&clients[0]);
    assert_eq!((found.state.as_deref(), found.local, found.peer), (Some("ESTAB"), None, name));
}

#[test]
fn unix_sockets_have_names_or_none() {
    needs_duplicates!();
    let (mut left, right) = UnixStream::pair().unwrap();
    left.write_all(b"1234").unwrap();
    let found = socket(&right);
    assert_eq!((found.kind.as_str(), found.state.as_deref()), ("unix stream", Some("ESTAB")));
    assert_eq!((found.local, found.peer), (None, Some(Address::Unnamed)));
    assert_eq!((found.readable, found.unsent), (Some(4), None));

    let name = format!("trace-kernel-{}", super::me());
    let bound = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let sender = UnixDatagram::unbound().unwrap();
    assert_eq!(socket(&sender).state.as_deref(), Some("UNCONN"));
    sender.connect_addr(&bound.local_addr().unwrap()).unwrap();
    sender.send(b"first").unwrap();
    sender.send(b"second one").unwrap();
    let found = socket(&bound);
    assert_eq!((found.kind.as_str(), found.readable), ("unix datagram", Some(5)));
    assert_eq!(found.local, Some(Address::Abstract(name)));
    assert_eq!(socket(&sender).peer, found.local);

    let (one, _other) = socket2::Socket::pair(Domain::UNIX, Type::SEQPACKET, None).unwrap();
    assert_eq!(socket(&one).kind, "unix seqpacket");
}
