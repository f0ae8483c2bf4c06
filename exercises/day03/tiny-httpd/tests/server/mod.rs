//! The learner's server in a process of its own, and a browser that reads what it says.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use testkit::exercise::http::{Answer, Shown};
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::{equal, peer};
use tiny_httpd::serve;

pub const PAGES: [(&str, &str); 3] = [
    ("/", "<h1>\u{6e29}\u{5ba4}</h1>\n<p>21 \u{b0}C\n"),
    ("/tank", "<p>16 \u{b0}C\n"),
    ("/tank/log", ""),
];
/// Nobody waits for that.
pub const AN_HOUR: Duration = Duration::from_secs(3600);

pub struct Server {
    process: Beside,
    address: SocketAddr,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    fn explains(&self, call: &str) -> Option<String> {
        let of_a_client = matches!(call, "read" | "recvfrom");
        of_a_client.then(|| ", and waits for more from a client".into())
    }
}

impl Server {
    pub fn start(patience: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let process = beside(move || serve(listener, &PAGES, patience));
        Self { process, address }
    }

    #[track_caller]
    pub fn client(&self) -> Client<'_> {
        let stream = match peer::connect(self.address) {
            Ok(stream) => stream,
            Err(error) => panic!("a client cannot connect: {error:?}. {}", self.place()),
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client { server: self, stream }
    }

    /// A client sends this, and reads the answer and the end.
    #[track_caller]
    pub fn asked(&self, request: impl AsRef<[u8]>, what: &str) -> Answer {
        let client = self.client();
        client.say(request.as_ref());
        let method = if request.as_ref().starts_with(b"HEAD ") { "HEAD" } else { "GET" };
        client.answer(method, what)
    }

    /// It asks for a page, as everybody may at any time.
    #[track_caller]
    pub fn serves(&self, what: &str) {
        let answer = self.asked("GET /tank HTTP/1.1\r\nHost: x\r\n\r\n", what);
        equal!(answer.code, 200, "the answer to {what}");
    }
}

pub struct Client<'a> {
    pub server: &'a Server,
    pub stream: TcpStream,
}

impl Client<'_> {
    #[track_caller]
    pub fn say(&self, bytes: impl AsRef<[u8]>) {
        if let Err(error) = (&self.stream).write_all(bytes.as_ref()) {
            panic!("a client cannot send to your server: {error:?}. {}", self.server.place());
        }
    }

    /// The answer to this method, and behind it the end of the connection.
    #[track_caller]
    pub fn answer(&self, method: &str, what: &str) -> Answer {
        let mut came = Vec::new();
        let mut answer = None;
        // Nothing more is going to come when the server waits for us.
        while self.server.answers(&self.stream) {
            let mut bytes = [0; 4096];
            match (&self.stream).read(&mut bytes) {
                Ok(0) => match answer {
                    Some(answer) => return answer,
                    None => panic!(
                        "{what}: the connection ends, and {} has come. {}",
                        so_far(&came),
                        self.server.place()
                    ),
                },
                Ok(n) => came.extend_from_slice(&bytes[..n]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => panic!(
                    "{what}: behind {:?} the client gets a reset instead of the end. close(2) with \
                     bytes that nobody has read sends a RST (RFC 2525, 2.17), and a client's \
                     kernel may throw away the answer for it. Say your end first, shutdown(2), and \
                     read what is still coming",
                    Shown(&came)
                ),
                Err(error) => panic!("{what}: {error:?}"),
            }
            let parsed = match Answer::parse(&came, method) {
                Ok(parsed) => parsed,
                Err(why) => panic!("{what}: no client understands {:?}: {why}", Shown(&came)),
            };
            if let Some((whole, used)) = parsed {
                assert!(
                    used == came.len(),
                    "{what}: behind the answer, whose end is where its length says, came {:?}",
                    Shown(&came[used..])
                );
                let says_so =
                    whole.field("Connection").is_some_and(|how| how.eq_ignore_ascii_case("close"));
                assert!(
                    says_so,
                    "{what}: the answer does not say Connection: close, only {:?}. In HTTP/1.1 a \
                     connection stays open if nobody says anything (RFC 9112, 9.3): a client sends \
                     its next request there, and you are gone",
                    whole.fields
                );
                answer = Some(whole);
            }
        }
        match answer {
            None => panic!(
                "{what}: {} has come, and nothing will, as long as this client does nothing. {}",
                so_far(&came),
                self.server.place()
            ),
            Some(_) => panic!(
                "{what}: the answer has come, with Connection: close, and no end of the \
                 connection. A client that was told so waits for it, and the next client waits for \
                 this one. {}",
                self.server.place()
            ),
        }
    }
}

fn so_far(came: &[u8]) -> String {
    if came.is_empty() { "no answer".into() } else { format!("only {:?}", Shown(came)) }
}
