//! Sockets, in states that they were led into. What the network decides is waited for.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;

use socket2::{Domain, Protocol, Type};
use testkit::until;

use super::socket;
use crate::call::Address;
use crate::state::{Backlog, Socket};

fn inet(address: SocketAddr) -> Address {
    match address {
        SocketAddr::V4(address) => Address::V4(address),
        SocketAddr::V6(address) => Address::V6(address),
    }
}

#[track_caller]
fn until_state(fd: impl AsFd, state: &str) -> Socket {
    until(state, || Some(socket(&fd)).filter(|found| found.state.as_deref() == Some(state)))
}

fn connected() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

#[test]
fn a_tcp_listener_tells_how_many_wait_and_how_many_may() {
    needs_duplicates!();
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let address: SocketAddr = address.parse().unwrap();
        let listener =
            socket2::Socket::new(Domain::for_address(address), Type::STREAM, None).unwrap();
        let fresh = socket(&listener);
        assert_eq!((fresh.kind.as_str(), fresh.local, fresh.peer), ("tcp", None, None));
        assert_eq!((fresh.state.as_deref(), fresh.backlog), (Some("UNCONN"), None));
        if listener.bind(&address.into()).is_err() {
            testkit::skip!("no address {address} here");
        }
        listener.listen(5).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let clients = [(); 2].map(|()| TcpStream::connect(address).unwrap());
        let backlog = |waiting| Some(Backlog { waiting, limit: Some(5) });
        let expected = Socket {
            kind: "tcp".into(),
            local: Some(inet(address)),
            state: Some("LISTEN".into()),
            backlog: backlog(2),
            ..Socket::default()
        };
        until("two clients wait", || (socket(&listener) == expected).then_some(()));
        let (_served, peer) = listener.accept().unwrap();
        assert_eq!(socket(&listener).backlog, backlog(1));
        let first = socket(&clients[0]);
        assert_eq!(
            (first.local, first.peer),
            (Some(inet(peer.as_socket().unwrap())), Some(inet(address)))
        );
    }
}

#[test]
fn a_tcp_connection_goes_through_its_states() {
    needs_duplicates!();
    let (mut client, server) = connected();
    let expected = Socket {
        kind: "tcp".into(),
        local: Some(inet(client.local_addr().unwrap())),
        peer: Some(inet(client.peer_addr().unwrap())),
        state: Some("ESTAB".into()),
        backlog: None,
        readable: Some(0),
        unsent: Some(0),
    };
    assert_eq!(socket(&client), expected);
    client.write_all(b"hello").unwrap();
    until("five bytes arrive", || (socket(&server).readable == Some(5)).then_some(()));
    client.shutdown(Shutdown::Write).unwrap();
    until_state(&client, "FIN-WAIT-2");
    let half = until_state(&server, "CLOSE-WAIT");
    assert_eq!(half.readable, Some(5), "the end is no byte");
    server.shutdown(Shutdown::Write).unwrap();
    let closed = until_state(&server, "UNCONN");
    assert_eq!(closed.peer, None);
}

#[test]
fn bytes_that_only_wait_for_their_acknowledgement_are_sent() {
    needs_duplicates!();
    let (mut client, mut server) = connected();
    // After the first few the kernel delays acknowledgements: SIOCOUTQ would count these bytes.
    for _ in 0..10 {
        client.write_all(b"ping!").unwrap();
        server.read_exact(&mut [0; 5]).unwrap();
        assert_eq!(socket(&client).unsent, Some(0));
        server.write_all(b"pong!").unwrap();
        client.read_exact(&mut [0; 5]).unwrap();
    }
}

#[test]
fn a_peer_that_does_not_read_leaves_bytes_unsent() {
    needs_duplicates!();
    let (mut client, mut server) = connected();
    client.set_nonblocking(true).unwrap();
    while client.write(&[7; 1 << 13]).is_ok() {}
    let full = until("unsent bytes", || socket(&client).unsent.filter(|&bytes| bytes > 0));
    assert!(socket(&server).readable > Some(0));
    server.set_nonblocking(true).unwrap();
    let empty = until("all bytes are through", || {
        while matches!(server.read(&mut [0; 1 << 13]), Ok(1..)) {}
        socket(&client).unsent.filter(|&bytes| bytes == 0)
    });
    assert!(empty < full);
}

#[test]
fn udp_tells_the_first_datagram_and_the_peer() {
    needs_duplicates!();
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = receiver.local_addr().unwrap();
    sender.connect(address).unwrap();
    sender.send(b"three").unwrap();
    sender.send(b"eleven more").unwrap();
    let found = socket(&receiver);
    assert_eq!((found.kind.as_str(), found.state.as_deref()), ("udp", Some("UNCONN")));
    assert_eq!((found.local, found.peer), (Some(inet(address)), None));
    assert_eq!((found.readable, found.unsent), (Some(5), None));
    let found = socket(&sender);
    assert_eq!((found.state.as_deref(), found.peer), (Some("ESTAB"), Some(inet(address))));
}

#[test]
fn an_error_that_waits_for_the_program_goes_on_waiting() {
    needs_duplicates!();
    let gone = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(gone).unwrap();
    socket.send(b"x").unwrap();
    // ECONNREFUSED has come back before send returned, on the loopback device.
    for _ in 0..3 {
        assert_eq!(super::socket(&socket).kind, "udp");
    }
    assert!(socket.take_error().unwrap().is_some());
    let raw = socket2::Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4));
    // Only root may have one.
    if let Ok(raw) = raw {
        assert_eq!(super::socket(&raw).kind, "inet raw");
    }
}
