//! The options of new sockets, each asked for from the kernel with getsockopt(2).

use std::io;

use cli::Outcome;
use nix::errno::Errno;
use socket2::{Domain, Socket, Type};

use crate::say;

type Ask = fn(&Socket) -> io::Result<String>;

/// Level and name as the manual has them (socket(7), tcp(7), ip(7), ipv6(7)), and the one typed
/// method that stands for both.
const OPTIONS: [(&str, &str, Ask); 17] = [
    ("SOL_SOCKET", "SO_TYPE", |s| Ok(format!("{:?}", s.r#type()?))),
    ("SOL_SOCKET", "SO_REUSEADDR", |s| Ok(s.reuse_address()?.to_string())),
    ("SOL_SOCKET", "SO_REUSEPORT", |s| Ok(s.reuse_port()?.to_string())),
    ("SOL_SOCKET", "SO_BROADCAST", |s| Ok(s.broadcast()?.to_string())),
    ("SOL_SOCKET", "SO_KEEPALIVE", |s| Ok(s.keepalive()?.to_string())),
    ("SOL_SOCKET", "SO_LINGER", |s| Ok(format!("{:?}", s.linger()?))),
    ("SOL_SOCKET", "SO_RCVTIMEO", |s| Ok(format!("{:?}", s.read_timeout()?))),
    ("SOL_SOCKET", "SO_RCVBUF", |s| Ok(s.recv_buffer_size()?.to_string())),
    ("SOL_SOCKET", "SO_SNDBUF", |s| Ok(s.send_buffer_size()?.to_string())),
    ("SOL_SOCKET", "SO_ERROR", |s| Ok(format!("{:?}", s.take_error()?))),
    ("SOL_SOCKET", "SO_ACCEPTCONN", |s| Ok(s.is_listener()?.to_string())),
    ("IPPROTO_TCP", "TCP_NODELAY", |s| Ok(s.tcp_nodelay()?.to_string())),
    ("IPPROTO_TCP", "TCP_KEEPIDLE", |s| Ok(format!("{:?}", s.tcp_keepalive_time()?))),
    ("IPPROTO_TCP", "TCP_MAXSEG", |s| Ok(s.tcp_mss()?.to_string())),
    ("IPPROTO_IP", "IP_TTL", |s| Ok(s.ttl_v4()?.to_string())),
    ("IPPROTO_IP", "IP_MULTICAST_LOOP", |s| Ok(s.multicast_loop_v4()?.to_string())),
    ("IPPROTO_IPV6", "IPV6_V6ONLY", |s| Ok(s.only_v6()?.to_string())),
];

pub(crate) fn run() -> Outcome {
    let stream = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let datagrams = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    say("options of new IPv4 sockets")?;
    say(&format!("  {:<12} {:<18} {:<14} UDP", "level", "option", "TCP"))?;
    for (level, name, ask) in OPTIONS {
        let (tcp, udp) = (answer(ask(&stream)), answer(ask(&datagrams)));
        say(&format!("  {level:<12} {name:<18} {tcp:<14} {udp}"))?;
    }
    Ok(())
}

/// What a protocol does not know is refused: EOPNOTSUPP or ENOPROTOOPT.
fn answer(value: io::Result<String>) -> String {
    value.unwrap_or_else(|error| match error.raw_os_error() {
        Some(number) => format!("{:?}", Errno::from_raw(number)),
        None => error.to_string(),
    })
}
