//! Thousands of members in one thread: each has a socket of its own, and what arrives there waits
//! in a large buffer until somebody looks. So while a server works, its receivers do not.

use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::{Context as _, retry};

use crate::inbox::{Inbox, Take};
use crate::member::{Conduct, Member, Tally};
use crate::script::Script;

/// What has not come after so long is lost. A busy machine lets a server wait for seconds.
const QUIET: Duration = Duration::from_secs(10);
/// Logins until the notices about them are read, so that they do not fill the memory.
const JOINS: usize = 50;

#[derive(Debug)]
pub(crate) struct Crowd {
    members: Vec<Member>,
    script: Script,
    inbox: Inbox,
    wrong: usize,
}

impl Crowd {
    /// Logs all of them in. The first ones are the senders of the script, and they and the last one
    /// read what they get.
    pub(crate) fn enter(
        server: SocketAddr,
        conducts: &[Conduct],
        take: Take,
        script: Script,
    ) -> Outcome<Self> {
        let mut crowd = Self { members: Vec::new(), script, inbox: Inbox::new(take), wrong: 0 };
        for (number, &conduct) in conducts.iter().enumerate() {
            crowd.members.push(Member::log_in(server, number, conduct, take)?);
            if number % JOINS == JOINS - 1 || number + 1 == conducts.len() {
                crowd.read_joins()?;
            }
        }
        for member in crowd.members.iter_mut().filter(|one| one.conduct == Conduct::Dead) {
            member.socket = None;
        }
        crowd.begin();
        Ok(crowd)
    }

    /// Everybody hears of all who come after him.
    fn read_joins(&mut self) -> Outcome {
        let all = self.members.len();
        let due = (0..all).map(|number| all - 1 - number);
        let due: Vec<usize> = due.collect();
        if self.read_until(|number, _| due[number])? {
            Ok(())
        } else {
            Err("a login got lost".into())
        }
    }

    /// Reads until each reader has what is due to him; false when nothing comes any more.
    fn read_until(&mut self, due: impl Fn(usize, &Script) -> usize) -> Outcome<bool> {
        let mut last = Instant::now();
        loop {
            let heard = self.read()?;
            let mut readers = self.readers();
            if readers.all(|(number, one)| one.heard >= due(number, &self.script)) {
                return Ok(true);
            }
            if heard > 0 {
                last = Instant::now();
            } else if last.elapsed() > QUIET {
                return Ok(false);
            }
            thread::yield_now();
        }
    }

    fn readers(&self) -> impl Iterator<Item = (usize, &Member)> {
        self.members.iter().enumerate().filter(|(_, one)| one.conduct == Conduct::Reads)
    }

    /// Reads what has come, and gives the number of datagrams.
    pub(crate) fn read(&mut self) -> Outcome<usize> {
        let mut heard = 0;
        for number in 0..self.members.len() {
            heard += self.read_one(number)?;
        }
        Ok(heard)
    }

    fn read_one(&mut self, number: usize) -> Outcome<usize> {
        let Self { members, script, inbox, wrong } = self;
        let Member { socket, conduct: Conduct::Reads, heard, next } = &mut members[number] else {
            return Ok(0);
        };
        let Some(socket) = socket else { return Ok(0) };
        inbox.take(socket, |bytes| {
            match script.find(bytes, *next) {
                Some(at) => *next = at + 1,
                // Before anything is said there are only joins.
                None if script.said() == 0 && bytes.starts_with("\n欢迎 ".as_bytes()) => {}
                None => {
                    *wrong += 1;
                    return;
                }
            }
            *heard += 1;
        })
    }

    /// A new run.
    pub(crate) fn begin(&mut self) {
        self.script.clear();
        self.wrong = 0;
        for member in &mut self.members {
            (member.heard, member.next) = (0, 0);
        }
    }

    /// Says the next message.
    pub(crate) fn say(&mut self) -> Outcome {
        let (sender, request) = self.script.next();
        let socket = self.members[sender].socket.as_ref().ok_or("a dead sender")?;
        retry(|| socket.send(request)).call("send")?;
        Ok(())
    }

    /// How many notices one message leads to.
    pub(crate) fn others(&self) -> usize {
        self.members.len() - 1
    }

    /// Waits until the last member has heard all that was said, which is served after all others.
    /// False when nothing comes any more.
    pub(crate) fn wait_for_last(&mut self) -> Outcome<bool> {
        let last = self.members.len() - 1;
        let limit = PollTimeout::try_from(QUIET)?;
        while self.members[last].heard < self.script.said() {
            let Some(socket) = &self.members[last].socket else { return Ok(false) };
            let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
            if retry(|| poll(&mut fds, limit)).call("poll")? == 0 {
                return Ok(false);
            }
            self.read_one(last)?;
        }
        Ok(true)
    }

    /// Reads the rest, and gives what has come and what has not.
    pub(crate) fn count(&mut self) -> Outcome<Tally> {
        let due = |number: usize, script: &Script| script.said() - script.said_by(number);
        self.read_until(due)?;
        let mut tally = Tally { wrong: self.wrong, ..Tally::default() };
        for (number, one) in self.readers() {
            tally.due += due(number, &self.script);
            tally.heard += one.heard;
        }
        Ok(tally)
    }
}
