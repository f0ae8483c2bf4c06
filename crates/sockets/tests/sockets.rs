//! Constructors: what the kernel says about the sockets that they make.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixListener;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use socket2::SockRef;
use sockets::{Deadline, tcp, udp, unix};
use syscall::Errno;

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn closes_on_exec(fd: impl AsFd) -> bool {
    fcntl(fd, FcntlArg::F_GETFD).unwrap() & FdFlag::FD_CLOEXEC.bits() != 0
}

fn is_nonblocking(fd: impl AsFd) -> bool {
    fcntl(fd, FcntlArg::F_GETFL).unwrap() & OFlag::O_NONBLOCK.bits() != 0
}

#[test]
fn a_listener_is_what_was_asked_for() {
    let listener = tcp::Listen::new().on(loopback()).unwrap();
    assert!(closes_on_exec(&listener) && !is_nonblocking(&listener));
    let options = SockRef::from(&listener);
    assert!(options.reuse_address().unwrap() && !options.reuse_port().unwrap());

    let listen = tcp::Listen::new().reuse_address(false).reuse_port(true).nonblocking(true);
    let listener = listen.on(loopback()).unwrap();
    assert!(is_nonblocking(&listener));
    let options = SockRef::from(&listener);
    assert!(!options.reuse_address().unwrap() && options.reuse_port().unwrap());
    listen.on(listener.local_addr().unwrap()).expect("SO_REUSEPORT lets two of them share");
}

#[test]
fn a_port_has_one_listener() {
    let listener = tcp::Listen::new().on(loopback()).unwrap();
    let address = listener.local_addr().unwrap();
    let error = tcp::Listen::new().on(address).unwrap_err();
    assert_eq!(error.errno(), Errno::EADDRINUSE);
    let text = error.to_string();
    assert!(text.ends_with(&format!("({address}): Address already in use (EADDRINUSE)")), "{text}");
}

#[test]
fn the_backlog_holds_one_more_than_it_says() {
    let listener = tcp::Listen::new().backlog(1).on(loopback()).unwrap();
    let address = listener.local_addr().unwrap();
    let soon = || Deadline::after(Duration::from_millis(300));
    let connect = || tcp::Connect::new().deadline(soon()).to(address);
    let _waiting = [connect().unwrap(), connect().unwrap()];
    let start = Instant::now();
    let error = connect().unwrap_err();
    assert_eq!((error.call(), error.errno()), ("connect", Errno::ETIMEDOUT));
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn connecting_gives_a_blocking_stream_or_the_reason() {
    let listener = tcp::Listen::new().on(loopback()).unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = tcp::Connect::new().to(address).unwrap();
    assert!(closes_on_exec(&client) && !is_nonblocking(&client) && client.nodelay().unwrap());
    client.write_all(b"hello").unwrap();
    let mut bytes = [0; 5];
    listener.accept().unwrap().0.read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"hello");

    // Bound and not listening: refuses for as long as the socket lives.
    let nobody = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    nobody.bind(&loopback().into()).unwrap();
    let closed = nobody.local_addr().unwrap().as_socket().unwrap();
    let error = tcp::Connect::new().to(closed).unwrap_err();
    assert_eq!(error.errno(), Errno::ECONNREFUSED);
    assert!(tcp::Connect::new().to_any(&[closed, address]).is_ok(), "the second one answers");
    assert_eq!(tcp::Connect::new().to_any(&[]).unwrap_err().errno(), Errno::EINVAL);
}

#[test]
fn a_source_address_can_be_chosen() {
    let listener = tcp::Listen::new().on(loopback()).unwrap();
    let from = SocketAddr::from(([127, 0, 0, 5], 0));
    let client = tcp::Connect::new().from(from).to(listener.local_addr().unwrap()).unwrap();
    assert_eq!(client.local_addr().unwrap().ip(), from.ip());
}

#[test]
fn a_reset_is_seen_by_the_peer() {
    let listener = tcp::Listen::new().on(loopback()).unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    tcp::reset_on_close(&server).unwrap();
    drop(server);
    let error = client.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn all_that_wait_are_accepted() {
    let listener = tcp::Listen::new().nonblocking(true).on(loopback()).unwrap();
    let address = listener.local_addr().unwrap();
    assert_eq!(tcp::waiting(&listener).count(), 0);
    let clients: Vec<_> = (0..5).map(|_| TcpStream::connect(address).unwrap()).collect();
    let accepted: Vec<_> = tcp::waiting(&listener).collect::<Result<_, _>>().unwrap();
    assert_eq!(accepted.len(), clients.len());
    assert!(accepted.iter().all(|stream| closes_on_exec(stream) && !is_nonblocking(stream)));
}

#[test]
fn running_out_is_told_from_other_errors() {
    let error = |errno: Errno| std::io::Error::from_raw_os_error(errno as i32);
    for errno in [Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM] {
        assert!(tcp::is_out_of_resources(&error(errno)));
    }
    assert!(!tcp::is_out_of_resources(&error(Errno::EBADF)));
    assert!(!tcp::is_out_of_resources(&std::io::ErrorKind::InvalidInput.into()));
}

#[test]
fn a_udp_port_cannot_be_stolen() {
    let first = udp::Bind::new().on(loopback()).unwrap();
    assert!(closes_on_exec(&first) && !first.broadcast().unwrap());
    let error = udp::Bind::new().on(first.local_addr().unwrap()).unwrap_err();
    assert_eq!(error.errno(), Errno::EADDRINUSE);
    assert!(udp::Bind::new().broadcast(true).on(loopback()).unwrap().broadcast().unwrap());
}

#[test]
fn a_connected_udp_socket_hears_its_peer_only() {
    let peer = udp::Bind::new().on(loopback()).unwrap();
    let stranger = udp::Bind::new().on(loopback()).unwrap();
    let client = udp::Bind::new().connected_to(peer.local_addr().unwrap()).unwrap();
    client.set_read_timeout(Some(testkit::LIMIT)).unwrap();
    let address = (std::net::Ipv4Addr::LOCALHOST, client.local_addr().unwrap().port());
    stranger.send_to(b"stranger", address).unwrap();
    peer.send_to(b"peer", address).unwrap();
    let mut bytes = [0; 16];
    let n = client.recv(&mut bytes).unwrap();
    assert_eq!(&bytes[..n], b"peer");
}

#[test]
fn a_stale_socket_file_is_replaced_and_a_living_server_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    // std does not remove the file when the listener is dropped: this one is stale.
    drop(UnixListener::bind(&path).unwrap());
    let (listener, file) = unix::listen(&path, 5).unwrap();
    assert!(closes_on_exec(&listener));
    let error = unix::listen(&path, 5).unwrap_err();
    assert_eq!((error.call(), error.errno()), ("bind", Errno::EADDRINUSE));
    unix::connect(&path, Deadline::Never).expect("the first one still answers");
    assert_eq!(file.path(), path);
    drop((listener, file));
    assert!(!path.exists(), "the file goes with its owner");
    let gone = unix::connect(&path, Deadline::Never).unwrap_err();
    assert_eq!(gone.errno(), Errno::ENOENT);
}

#[test]
fn what_is_no_socket_is_never_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("precious");
    std::fs::write(&path, "data").unwrap();
    assert_eq!(unix::listen(&path, 5).unwrap_err().errno(), Errno::EADDRINUSE);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "data");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    assert_eq!(unix::datagram(&path).unwrap_err().errno(), Errno::EADDRINUSE);
    assert!(path.is_symlink());
}

#[test]
fn a_file_that_is_somebody_elses_by_now_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let (_listener, file) = unix::listen(&path, 5).unwrap();
    std::fs::rename(&path, dir.path().join("old")).unwrap();
    let newer = unix::listen(&path, 5).unwrap();
    drop(file);
    assert!(path.exists(), "the newer server keeps its address");
    drop(newer);
    assert!(!path.exists());
}

#[test]
fn names_that_cannot_be_bound() {
    let dir = tempfile::tempdir().unwrap();
    let long = dir.path().join("x".repeat(108));
    assert_eq!(unix::listen(&long, 5).unwrap_err().errno(), Errno::EINVAL);
    assert_eq!(unix::listen("", 5).unwrap_err().errno(), Errno::EINVAL);
    let nowhere = dir.path().join("no/such/folder");
    assert_eq!(unix::listen(&nowhere, 5).unwrap_err().errno(), Errno::ENOENT);
}

#[test]
fn only_one_of_many_that_start_at_once_wins() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    for round in 0..50 {
        drop(UnixListener::bind(&path).unwrap());
        let start = Barrier::new(8);
        // Each loser's question "is anybody there?" stays in the winner's queue until accept.
        let listen = || {
            start.wait();
            unix::listen(&path, 64)
        };
        let winners: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(listen)).collect();
            all.into_iter().filter_map(|one| one.join().unwrap().ok()).collect()
        });
        assert_eq!(winners.len(), 1, "in round {round}");
        unix::connect(&path, Deadline::after(testkit::LIMIT)).unwrap();
    }
}

#[test]
fn a_full_queue_is_waited_for_until_the_deadline() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let (listener, _file) = unix::listen(&path, 0).unwrap();
    let first = unix::connect(&path, Deadline::Never).unwrap();
    let (start, limit) = (Instant::now(), Duration::from_millis(50));
    let error = unix::connect(&path, Deadline::after(limit)).unwrap_err();
    assert_eq!(error.errno(), Errno::ETIMEDOUT);
    assert!(start.elapsed() >= limit);
    assert_eq!(unix::connect(&path, Deadline::Now).unwrap_err().errno(), Errno::ETIMEDOUT);
    listener.accept().unwrap();
    let second = unix::connect(&path, Deadline::after(limit)).unwrap();
    assert!(!is_nonblocking(&second) && second.write_timeout().unwrap().is_none());
    drop(first);
}

#[test]
fn an_abstract_name_leaves_no_file() {
    let name = format!("nine-days-{}\0x", std::process::id());
    let listener = unix::listen_abstract(name.as_bytes()).unwrap();
    let error = unix::listen_abstract(name.as_bytes()).unwrap_err();
    assert_eq!(error.errno(), Errno::EADDRINUSE);
    assert!(error.to_string().contains("@nine-days-"), "{error}");
    drop(listener);
    unix::listen_abstract(name.as_bytes()).expect("gone with its last descriptor");
}

#[test]
fn datagrams_have_a_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let (socket, file) = unix::datagram(&path).unwrap();
    assert_eq!(unix::datagram(&path).unwrap_err().errno(), Errno::EADDRINUSE);
    std::os::unix::net::UnixDatagram::unbound().unwrap().send_to(b"hi", &path).unwrap();
    let mut bytes = [0; 8];
    assert_eq!(socket.recv(&mut bytes).unwrap(), 2);
    drop((socket, file));
    assert!(!path.exists());
}
