//! The learner's server in a process of its own, and its clients.

mod client;

use std::collections::BTreeMap;
use std::fs;
use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::net::{SocketAddr, TcpListener};
use std::thread::yield_now;
use std::time::Duration;

use socket2::SockRef;
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::{equal, peer, proc, step};
use thread_server::{Settings, serve};

pub use client::Client;

pub const AT_ONCE: usize = 4;
/// Nobody waits for that.
pub const AN_HOUR: Duration = Duration::from_secs(3600);
/// The buffers of both ends, and more than fits into them.
const SMALL: usize = 64 * 1024;
pub const BIG: usize = 4 << 20;

pub struct Server {
    pub process: Beside,
    address: SocketAddr,
    stop: PipeWriter,
    /// What an answer to `wait` waits for.
    gate: PipeWriter,
    /// How it has ended.
    end: PipeReader,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    /// It has a thread for each client: that one waits says nothing about the others.
    fn explains(&self, _: &str) -> Option<String> {
        Some(String::new())
    }
}

impl Server {
    pub fn start(at_once: usize, patience: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // Inherited by the accepted sockets, so that no kernel holds a whole answer.
        SockRef::from(&listener).set_send_buffer_size(SMALL).unwrap();
        let (stops, stop) = pipe().unwrap();
        let (opens, gate) = pipe().unwrap();
        let (end, mut tells) = pipe().unwrap();
        let process = beside(move || {
            let settings = Settings { at_once, patience };
            let result = serve(listener, settings, answer(opens), &stops);
            let left = testkit::leaks::Holdings::now().threads.len() - 1;
            let result = result.map_err(|error| step!("serve() has returned {error:?}"));
            let line = format!("{} {left}", result.map_or("none".into(), |n| n.to_string()));
            tells.write_all(line.as_bytes()).unwrap();
        });
        Self { process, address, stop, gate, end }
    }

    #[track_caller]
    pub fn client(&self) -> Client<'_> {
        let stream = match peer::connect(self.address) {
            Ok(stream) => stream,
            Err(error) => panic!("a client cannot connect: {error:?}. {}", self.place()),
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        SockRef::from(&stream).set_recv_buffer_size(SMALL).unwrap();
        Client { server: self, stream }
    }

    pub fn open_the_gate(&self, times: usize) {
        (&self.gate).write_all(&vec![b'!'; times]).unwrap();
    }

    pub fn tell_to_stop(&self) {
        (&self.stop).write_all(b"!").unwrap();
        step!("the server has been told to stop");
    }

    /// It ends by itself, with no thread left, and has counted.
    #[track_caller]
    pub fn ends_after(self, clients: usize, why: &str) {
        assert!(
            self.answers(&self.end),
            "the server was told to stop, and does not: all of it sleeps, and will sleep on as \
             long as no client does anything. {why}. {}",
            self.place()
        );
        let mut line = String::new();
        (&self.end).read_to_string(&mut line).unwrap();
        let told: Vec<&str> = line.split(' ').collect();
        let [count, left] = told[..] else {
            panic!(
                "the server was told to stop, and has not come back from serve(). {}",
                self.place()
            )
        };
        equal!(
            left,
            "0",
            "the threads that go on after serve() has returned. With the end of main they all end, \
             wherever they are: in the middle of an answer, too. Somebody has to join each of them"
        );
        equal!(count, clients.to_string(), "the clients that serve() says it had ({why})");
    }

    /// Its sockets for clients.
    pub fn connections(&self) -> BTreeMap<u32, String> {
        let mut all = self.process.holdings().descriptors;
        all.retain(|_, name| name.starts_with("socket:"));
        // One listens.
        all.pop_first();
        all
    }

    pub fn until_quiet(&self) {
        while self.process.runs() && !self.process.is_quiet() {
            yield_now();
        }
    }

    /// The stacks that it has for threads, also for those that have ended: below each lies a page
    /// that nobody may touch (pthread_attr_setguardsize(3)).
    pub fn stacks(&self) -> usize {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.process.pid())).unwrap();
        let address = |text: &str| u64::from_str_radix(text, 16).ok();
        let is_guard = |line: &&str| {
            let (range, rest) = line.split_once(' ').unwrap_or_default();
            let (from, to) = range.split_once('-').unwrap_or_default();
            let size = address(to).zip(address(from)).map(|(to, from)| to - from);
            rest.starts_with("---p") && size.is_some_and(|size| size <= 64 * 1024)
        };
        maps.lines().filter(is_guard).count()
    }

    /// The threads that it has beside its first one.
    pub fn threads(&self) -> usize {
        proc::tasks(self.process.pid()).len() - 1
    }
}

/// What every locker is answered.
fn answer(gate: PipeReader) -> impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static {
    move |line| match line {
        b"panic" => panic!("a bug in the answer"),
        b"wait" => {
            (&gate).read_exact(&mut [0]).unwrap();
            b"waited".to_vec()
        }
        b"big" => vec![b'.'; BIG],
        b"wait big" => {
            (&gate).read_exact(&mut [0]).unwrap();
            vec![b'.'; BIG]
        }
        other => [b"door ", other].concat(),
    }
}
