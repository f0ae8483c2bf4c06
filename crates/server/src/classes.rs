//! The names that CPython's `socketserver` has for the combinations.
//!
//! | CPython | here |
//! |---|---|
//! | `StreamRequestHandler` | a [`Handler`](crate::Handler) of a [`Connection`](crate::Connection) |
//! | `DatagramRequestHandler` | a [`Handler`](crate::Handler) of a [`Datagram`](crate::Datagram) |
//! | `ForkingMixIn`, `ThreadingMixIn` | [`Fork`], [`Thread`] |
//! | the twelve servers | below |
//!
//! Each is made with [`Server::of`]: the type has said everything else.

use crate::executor::{Fork, Iterative, Thread};
use crate::server::Server;
use crate::transport::{Tcp, Udp, Unix, UnixDgram};

macro_rules! classes {
    ($($python:literal $name:ident = $transport:ident $executor:ident;)+) => {
        $(
            #[doc = concat!("`socketserver.", $python, "`")]
            pub type $name<H> = Server<$transport, $executor, H>;
        )+
    };
}

classes! {
    "TCPServer" TcpServer = Tcp Iterative;
    "UDPServer" UdpServer = Udp Iterative;
    "UnixStreamServer" UnixStreamServer = Unix Iterative;
    "UnixDatagramServer" UnixDatagramServer = UnixDgram Iterative;
    "ForkingTCPServer" ForkingTcpServer = Tcp Fork;
    "ForkingUDPServer" ForkingUdpServer = Udp Fork;
    "ForkingUnixStreamServer" ForkingUnixStreamServer = Unix Fork;
    "ForkingUnixDatagramServer" ForkingUnixDatagramServer = UnixDgram Fork;
    "ThreadingTCPServer" ThreadingTcpServer = Tcp Thread;
    "ThreadingUDPServer" ThreadingUdpServer = Udp Thread;
    "ThreadingUnixStreamServer" ThreadingUnixStreamServer = Unix Thread;
    "ThreadingUnixDatagramServer" ThreadingUnixDatagramServer = UnixDgram Thread;
}
