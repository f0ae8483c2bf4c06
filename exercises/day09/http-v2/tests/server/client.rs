//! A client that keeps its connection, and finds the end of each answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use testkit::equal;
use testkit::exercise::Observed as _;
use testkit::exercise::http::{Answer, Shown};

use super::Server;

pub struct Client<'a> {
    server: &'a Server,
    pub stream: TcpStream,
    came: Vec<u8>,
}

impl<'a> Client<'a> {
    pub fn new(server: &'a Server, stream: TcpStream) -> Self {
        Self { server, stream, came: Vec::new() }
    }

    #[track_caller]
    pub fn say(&self, bytes: impl AsRef<[u8]>) {
        if let Err(error) = (&self.stream).write_all(bytes.as_ref()) {
            panic!("a client cannot send to your server: {error:?}. {}", self.server.place());
        }
    }

    pub fn ask(&self, method: &str, target: &str) {
        self.say(request(method, target));
    }

    /// The next answer, to this method; `what` it is, for people.
    #[track_caller]
    pub fn hear(&mut self, method: &str, what: &str) -> Answer {
        loop {
            let parsed = match Answer::parse(&self.came, method) {
                Ok(parsed) => parsed,
                Err(why) => panic!("{what}: no client understands {:?}: {why}", Shown(&self.came)),
            };
            if let Some((answer, used)) = parsed {
                self.came.drain(..used);
                return answer;
            }
            if let Err(why) = self.more() {
                let came = if self.came.is_empty() {
                    "no answer comes".into()
                } else {
                    format!("no whole answer comes, only {:?}", Shown(&self.came))
                };
                panic!("{what}: {came}; {why}. {}", self.server.place());
            }
        }
    }

    #[track_caller]
    pub fn asks(&mut self, method: &str, target: &str, what: &str) -> Answer {
        self.ask(method, target);
        self.hear(method, what)
    }

    /// A page, as everybody may ask for it at any time.
    #[track_caller]
    pub fn gets(&mut self, target: &str, wanted: &[u8], what: &str) {
        let answer = self.asks("GET", target, what);
        equal!(answer.code, 200, "the code for {target}: {what}");
        equal!(Shown(&answer.body), Shown(wanted), "the body for {target}: {what}");
    }

    #[track_caller]
    pub fn is_refused(&mut self, target: &str, codes: &[u16], why: &str) {
        let answer =
            self.asks("GET", target, &format!("GET {target}, which is to be refused: {why}"));
        assert!(
            codes.contains(&answer.code),
            "GET {target} has the answer {} and a body of {:?}, where it should have been {}: \
             {why}",
            answer.code,
            Shown(&answer.body),
            codes[0]
        );
    }

    /// This answer is the last one, and says so; then comes the end, and no reset.
    #[track_caller]
    pub fn ends_after(mut self, answer: &Answer, what: &str) {
        let says_so =
            answer.field("Connection").is_some_and(|how| how.eq_ignore_ascii_case("close"));
        assert!(
            says_so,
            "{what}: it is the last answer, and does not say Connection: close, only {:?}",
            answer.fields
        );
        assert!(
            self.came.is_empty(),
            "{what}: behind the last answer came {:?}",
            Shown(&self.came)
        );
        match self.more() {
            Ok(()) => panic!("{what}: behind the last answer came {:?}", Shown(&self.came)),
            Err(why) => assert!(
                why == END,
                "{what}: the answer has come with Connection: close, and no end of the connection: \
                 {why}. {}",
                self.server.place()
            ),
        }
    }

    /// It is closed, with or without an answer before that.
    #[track_caller]
    pub fn is_ended(&mut self, why: &str) {
        let end = (&self.stream).read_to_end(&mut self.came);
        assert!(
            end.as_ref().is_ok_and(|_| true)
                || end.as_ref().is_err_and(|error| error.kind() == ErrorKind::ConnectionReset),
            "{why}. Its connection is still open: {end:?}. {}",
            self.server.place()
        );
    }

    /// One read; or why there is none.
    fn more(&mut self) -> Result<(), String> {
        if !self.server.answers(&self.stream) {
            return Err("the server waits, and so does the client".into());
        }
        let mut bytes = [0; 64 * 1024];
        match (&self.stream).read(&mut bytes) {
            Ok(0) => Err(END.into()),
            Ok(n) => {
                self.came.extend_from_slice(&bytes[..n]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Err(
                "the connection is reset. close(2) with bytes that nobody has read sends a RST, \
                 which can overtake the answer: say your end first, shutdown(2), and read what is \
                 still coming"
                    .into(),
            ),
            Err(error) => Err(format!("{error:?}")),
        }
    }
}

const END: &str = "the connection ends";

pub fn request(method: &str, target: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n")
}
