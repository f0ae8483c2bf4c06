//! A locker: a line for the question, a line for the answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use testkit::equal;
use testkit::exercise::Observed as _;

use super::Server;

pub struct Client<'a> {
    pub server: &'a Server,
    pub stream: TcpStream,
}

impl Client<'_> {
    #[track_caller]
    pub fn say(&self, bytes: &str) {
        if let Err(error) = (&self.stream).write_all(bytes.as_bytes()) {
            panic!("a client cannot send to your server: {error:?}. {}", self.server.place());
        }
    }

    /// A line comes to it, this one; `who` it is, for people.
    #[track_caller]
    pub fn hears(&self, wanted: &str, who: &str) {
        assert!(
            self.server.answers(&self.stream),
            "{who} has sent a line and gets no answer; all of the server sleeps. {}",
            self.server.place()
        );
        let mut got = Vec::new();
        let mut byte = [0];
        while !got.ends_with(b"\n") {
            match (&self.stream).read(&mut byte) {
                Ok(1..) => got.push(byte[0]),
                Ok(_) => panic!(
                    "{who} gets the end of the stream instead of an answer, behind {:?}. {}",
                    String::from_utf8_lossy(&got),
                    self.server.place()
                ),
                Err(error) => panic!(
                    "{who} gets no whole answer, only {:?} and then {error:?}. {}",
                    String::from_utf8_lossy(&got),
                    self.server.place()
                ),
            }
        }
        equal!(String::from_utf8_lossy(&got), wanted, "the answer to {who}");
    }

    #[track_caller]
    pub fn asks(&self, who: &str) {
        self.say("17\n");
        self.hears("door 17\n", who);
    }

    /// Nothing but the end comes to it; `why` it must.
    #[track_caller]
    pub fn ends(&self, why: &str) {
        let mut rest = Vec::new();
        match (&self.stream).read_to_end(&mut rest) {
            Ok(0) => {}
            Ok(_) => panic!("{why}. Instead of the end {:?} came", String::from_utf8_lossy(&rest)),
            // That it is reset says the same.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!(
                "{why}. There is no end of the connection, and nothing comes: {error:?}. {}",
                self.server.place()
            ),
        }
    }
}
