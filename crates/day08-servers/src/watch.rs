//! The lesson's view of a server that runs in a process of its own.
//!
//! Nothing is concluded from "it has taken long". A server says what it is about to do, and when
//! each thread that could accept has said that it does nothing else before somebody has gone, then
//! a client that is not served will not be.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, PipeReader, PipeWriter, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd as _, AsRawFd as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use process::{Process, Started};
use sockets::tcp;

use crate::client;
use crate::listener::Listener;
use crate::models::Model;
use crate::report::{Report, Said, Word};

pub(crate) struct Server {
    pub(crate) process: Started,
    pub(crate) address: SocketAddr,
    /// A byte lets the one who thinks come to an end.
    pub(crate) gate: PipeWriter,
    words: PipeReader,
    rest: Vec<u8>,
    pub(crate) said: Vec<Said>,
    /// The ports of those who have left: nobody is occupied with them any more.
    gone: BTreeSet<u16>,
}

impl Server {
    /// Starts it and waits until all who accept are about to.
    pub(crate) fn start(model: &'static Model) -> Outcome<Self> {
        let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
        let address = listener.local_addr()?;
        let ((words, to_us), (from_us, gate)) = (io::pipe()?, io::pipe()?);
        let ours = [words.as_raw_fd(), gate.as_raw_fd()];
        // The listener moves: from then on it is the server's alone.
        let process = Process::new(move || {
            // Our ends of the pipes were copied too. Nobody uses them in this process.
            let _ = ours.map(nix::unistd::close);
            let report = Report::to_lesson(to_us, from_us);
            i32::from((model.serve)(Listener::new(listener), &report).is_err())
        });
        let process = process.name(model.name).start()?;
        let (rest, said, gone) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut server = Self { process, address, gate, words, rest, said, gone };
        while server.acceptors().len() < model.acceptors {
            server.listen()?;
        }
        Ok(server)
    }

    /// The threads that accept, and the last that each has said.
    fn acceptors(&self) -> BTreeMap<i32, Said> {
        let waits = self.said.iter().filter(|said| said.word == Word::Waits);
        let mut last: BTreeMap<i32, Said> = waits.map(|&said| (said.tid, said)).collect();
        for &said in &self.said {
            last.entry(said.tid).and_modify(|last| *last = said);
        }
        last
    }

    /// Everybody who could accept is occupied with somebody else.
    fn all_occupied(&self, client: u16) -> bool {
        let stuck = |said: &Said| matches!(said.word, Word::Stays | Word::Thinks);
        let other = |said: &Said| said.port != client && !self.gone.contains(&said.port);
        self.acceptors().values().all(|said| stuck(said) && other(said))
    }

    pub(crate) fn count(&self, word: Word) -> usize {
        self.said.iter().filter(|said| said.word == word).count()
    }

    /// Waits until the server has said this word so often.
    pub(crate) fn until(&mut self, word: Word, count: usize) -> Outcome {
        while self.count(word) < count {
            self.listen()?;
        }
        Ok(())
    }

    /// Waits until those who accept are back from the last client, or occupied.
    pub(crate) fn until_settled(&mut self, accepted: usize) -> Outcome {
        while !self.all_occupied(0) && self.count(Word::Waits) <= accepted {
            self.listen()?;
        }
        Ok(())
    }

    /// Waits until either there is an answer for this client, or there will not be one as long as
    /// the others do nothing: false.
    pub(crate) fn answers(&mut self, client: &TcpStream) -> Outcome<bool> {
        let port = client.local_addr()?.port();
        loop {
            let occupied = self.all_occupied(port);
            let limit = if occupied { PollTimeout::ZERO } else { PollTimeout::NONE };
            let fds = [client.as_fd(), self.words.as_fd()];
            let mut fds = fds.map(|fd| PollFd::new(fd, PollFlags::POLLIN));
            match poll(&mut fds, limit) {
                Err(Errno::EINTR) => continue,
                done => done?,
            };
            let [answer, word] = fds.map(|fd| fd.any().unwrap_or(false));
            if answer || occupied {
                return Ok(answer);
            }
            if word {
                self.listen()?;
            }
        }
    }

    /// This client ends its side, and waits until the server has ended the other.
    pub(crate) fn see_off(&mut self, client: &TcpStream) -> Outcome {
        self.gone.insert(client.local_addr()?.port());
        Ok(client::leave(client)?)
    }

    /// Who has said that it serves this client.
    pub(crate) fn who_serves(&mut self, client: &TcpStream) -> Outcome<Said> {
        let port = client.local_addr()?.port();
        let serves = |said: &Said| said.port == port && said.word != Word::Thinks;
        loop {
            if let Some(&said) = self.said.iter().find(|said| serves(said)) {
                return Ok(said);
            }
            self.listen()?;
        }
    }

    /// Takes what the server has said, waits when there is nothing.
    fn listen(&mut self) -> Outcome {
        let mut bytes = [0; 4096];
        let n = self.words.read(&mut bytes)?;
        if n == 0 {
            return Err("the server has ended before its time".into());
        }
        self.rest.extend_from_slice(&bytes[..n]);
        while let Some(end) = self.rest.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.said.push(Said::parse(str::from_utf8(&line)?).ok_or("a word that nobody knows")?);
        }
        Ok(())
    }
}
