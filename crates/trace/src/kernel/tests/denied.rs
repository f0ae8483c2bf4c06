//! A sandbox that refuses pidfd_getfd(2), as Docker's default profile does: what is left.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd as _;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::thread;

use testkit::sandbox::Filter;

use super::{object, socket};
use crate::state::{Backlog, Object, Socket};

/// Does something in a thread in which pidfd_getfd(2) fails with EPERM. A filter is the thread's.
fn denied<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, std::io::Error> {
    thread::scope(|scope| {
        let filtered = scope.spawn(|| {
            Filter::new().refuse(libc::SYS_pidfd_getfd, nix::errno::Errno::EPERM).install()?;
            Ok(work())
        });
        filtered.join().unwrap()
    })
}

/// Both looks at something: with duplicates, and without.
macro_rules! both {
    ($look:expr) => {{
        match denied(|| $look) {
            Ok(without) => ($look, without),
            Err(error) => testkit::skip!("seccomp is refused: {error}"),
        }
    }};
}

#[test]
fn tcp_and_udp_come_from_the_tables() {
    needs_duplicates!();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (with, without) = both!(socket(&listener));
    let backlog = Some(Backlog { waiting: 1, limit: None });
    assert_eq!(without, Socket { backlog, ..with });

    let (server, _) = listener.accept().unwrap();
    client.write_all(b"hello").unwrap();
    testkit::until("five bytes", || (socket(&server).readable == Some(5)).then_some(()));
    let (with, without) = both!(socket(&server));
    assert_eq!(without, with);
    let v6 = TcpListener::bind("[::1]:0");
    if let Ok(v6) = v6 {
        let (with, without) = both!(socket(&v6));
        let backlog = Some(Backlog { waiting: 0, limit: None });
        assert_eq!(without, Socket { backlog, ..with });
    }

    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let (with, without) = both!(socket(&receiver));
    assert_eq!(without, with);
    client.set_nodelay(true).unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.send_to(b"x", receiver.local_addr().unwrap()).unwrap();
    let (with, without) = both!(socket(&receiver));
    assert_eq!(without, Socket { readable: None, ..with });
}

#[test]
fn unix_sockets_come_from_their_table() {
    needs_duplicates!();
    let name = format!("trace-denied-{}", super::me());
    let address = SocketAddr::from_abstract_name(name).unwrap();
    let listener = UnixListener::bind_addr(&address).unwrap();
    let client = UnixStream::connect_addr(&address).unwrap();
    let (with, without) = both!(socket(&listener));
    // unix_diag is a question of its own: the backlog is there in both.
    assert_eq!(without, with);
    let (with, without) = both!(socket(&client));
    assert_eq!(without, Socket { peer: None, readable: None, ..with });
}

#[test]
fn what_nobody_tells_is_not_there() {
    needs_duplicates!();
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"abc").unwrap();
    let (with, without) = both!(object(reader.as_fd()));
    let Object::Pipe { inode, queued: Some(3), .. } = with else { panic!("{with:?}") };
    let expected = Object::Pipe { inode, path: None, writes: false, queued: None, capacity: None };
    assert_eq!(without, expected);

    let fresh = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let (with, without) = both!(socket(&fresh));
    assert_eq!((with.kind.as_str(), without.kind.as_str()), ("tcp", "socket"));
}
