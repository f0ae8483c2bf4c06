//! A server that does what the test says, datagram by datagram.

use std::net::{SocketAddr, UdpSocket};

use testkit::{LIMIT, Program};

/// Its socket, and the client that it has heard last.
pub(crate) struct Hand {
    pub(crate) socket: UdpSocket,
    client: SocketAddr,
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self::of(UdpSocket::bind("127.0.0.1:0").unwrap())
    }

    /// The same port again, as a server that is restarted takes it.
    pub(crate) fn again(address: SocketAddr) -> Self {
        Self::of(UdpSocket::bind(address).unwrap())
    }

    pub(crate) fn of(socket: UdpSocket) -> Self {
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        let client = socket.local_addr().unwrap();
        Self { socket, client }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// A client for it.
    pub(crate) fn client(&self) -> Program {
        let program = Program::new(env!("CARGO_BIN_EXE_capstone-chat"));
        program.args(["client", &self.address().to_string()]).env("TERM", "xterm")
    }

    /// The next request.
    #[track_caller]
    pub(crate) fn hears_any(&mut self) -> String {
        let mut bytes = vec![0; 65_536];
        let (length, client) = self.socket.recv_from(&mut bytes).expect("nothing was heard");
        self.client = client;
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// The next request is this.
    #[track_caller]
    pub(crate) fn hears(&mut self, request: &str) {
        assert_eq!(self.hears_any(), request);
    }

    /// Sends something to the client that was heard last.
    pub(crate) fn says(&self, datagram: impl AsRef<[u8]>) {
        self.socket.send_to(datagram.as_ref(), self.client).unwrap();
    }

    /// A login, and its answer.
    #[track_caller]
    pub(crate) fn lets_in(&mut self, name: &str) {
        self.hears(&format!("L {name}"));
        self.says("OK");
    }

    /// A quit, and its answer.
    #[track_caller]
    pub(crate) fn lets_out(&mut self, name: &str) {
        self.hears(&format!("Q {name}"));
        self.says("EXIT");
    }

    /// The address of the client that was heard last.
    pub(crate) fn heard_from(&self) -> SocketAddr {
        self.client
    }
}
