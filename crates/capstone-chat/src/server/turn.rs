//! The loop, turn by turn.

use std::net::UdpSocket;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use cli::Outcome;
use multiplex::{Backend, Deadline, Interest, Poller, Token, Trigger};
use nix::sys::signal::Signal;
use service::{Level, Log, Signals};

use super::admin::{Admin, Line};
use super::fan_out::FanOut;
use super::fork::Child;
use super::log::say_of;
use super::receive::Inbox;
use super::{Model, Options};
use crate::room::Room;

const SOCKET: Token = Token(0);
const SIGNALS: Token = Token(1);
const INPUT: Token = Token(2);
const CHILD: Token = Token(3);

/// All that a server has.
#[derive(Debug)]
pub(super) struct Server {
    socket: UdpSocket,
    poller: Box<dyn Poller>,
    signals: Signals,
    admin: Admin,
    child: Option<Child>,
    room: Room,
    inbox: Inbox,
    fan_out: FanOut,
    log: Log,
    grace: Duration,
}

impl Server {
    pub(super) fn new(
        socket: UdpSocket,
        child: Option<Child>,
        signals: Signals,
        options: &Options,
    ) -> Outcome<Self> {
        let longest = options.limits.longest;
        let mut poller = Backend::Poll.open()?;
        for (fd, token) in [(socket.as_fd(), SOCKET), (signals.as_fd(), SIGNALS)] {
            poller.register(fd, token, Interest::READABLE, Trigger::Level)?;
        }
        if let Some(child) = &child {
            child.watched_by(poller.as_mut(), CHILD)?;
        }
        let admin = match options.model {
            Model::Poll => Admin::watched_by(poller.as_mut(), INPUT, longest)?,
            Model::Fork => Admin::nobody(),
        };
        Ok(Self {
            socket,
            poller,
            signals,
            admin,
            child,
            room: Room::new(options.limits.clone()),
            inbox: Inbox::new(longest),
            fan_out: FanOut::new(),
            log: Log::new(options.log),
            grace: options.grace,
        })
    }

    /// Until a signal asks for the end.
    pub(super) fn serve(&mut self) -> Outcome {
        let mut events = Vec::new();
        while self.signals.stops() == 0 {
            // The one place where this program sleeps, for all that can happen.
            let eviction = self.room.next_eviction().map_or(Deadline::Never, Deadline::At);
            self.poller.wait(&mut events, eviction)?;
            for event in &events {
                match event.token {
                    SOCKET => drop(self.receive()?),
                    SIGNALS => self.obey()?,
                    INPUT => self.announce()?,
                    _ => self.mourn()?,
                }
            }
            let evicted = self.room.evict(Instant::now());
            if evicted > 0 {
                self.log.say(Level::Info, format_args!("event=evicted count={evicted}"));
            }
            self.send();
        }
        self.finish()
    }

    /// What has come before the end is served as ever, as long as the grace lasts. A second signal
    /// ends that, too.
    fn finish(&mut self) -> Outcome {
        let grace = Deadline::after(self.grace);
        while self.signals.stops() == 1 && !grace.has_passed() && self.receive()? > 0 {
            self.obey()?;
        }
        self.tell_statistics("end");
        Ok(())
    }

    /// One batch of datagrams; gives how many there were.
    fn receive(&mut self) -> Outcome<usize> {
        let Self { inbox, room, log, child, socket, .. } = self;
        // A batch comes in one moment.
        let now = Instant::now();
        let count = inbox.receive(socket, |datagram, from| {
            if let Some(line) = child.as_ref().and_then(|child| child.line(datagram, from)) {
                announce(room, log, Line::Text(line));
            } else {
                say_of(log, room.receive(datagram, from, now), datagram, from, now);
            }
        })?;
        self.send();
        Ok(count)
    }

    fn announce(&mut self) -> Outcome {
        let Self { admin, poller, room, log, .. } = self;
        if !admin.read(poller.as_mut(), |line| announce(room, log, line))? {
            log.say(Level::Debug, format_args!("event=administrator_gone"));
        }
        self.send();
        Ok(())
    }

    fn send(&mut self) {
        if !self.room.is_quiet() {
            let before = self.fan_out.lost.total();
            self.fan_out.send(&self.room, &self.socket);
            self.room.clear();
            let lost = self.fan_out.lost.total() - before;
            if lost > 0 {
                self.log.say(Level::Debug, format_args!("event=lost messages={lost}"));
            }
        }
    }

    /// Acts on the signals that have come.
    fn obey(&mut self) -> Outcome {
        for signal in self.signals.take()? {
            if signal == Signal::SIGUSR1.into() {
                self.tell_statistics("statistics");
            } else {
                self.log.say(Level::Info, format_args!("event=stop signal={signal}"));
            }
        }
        Ok(())
    }

    /// The child has ended: its input has, or somebody has killed it. The room lives on.
    fn mourn(&mut self) -> Outcome {
        let Self { child: Some(child), poller, log, .. } = self else { return Ok(()) };
        if let Some(exit) = child.bury(poller.as_mut())? {
            log.say(Level::Debug, format_args!("event=administrator_gone exit={exit:?}"));
        }
        Ok(())
    }

    fn tell_statistics(&mut self, event: &str) {
        let (members, counters) = (self.room.members(), self.room.counters());
        let (sent, lost, unsaid) = (self.fan_out.sent, &self.fan_out.lost, self.log.lost());
        let numbers = format!("members={members} {counters} sent={sent} {lost} log_lost={unsaid}");
        self.log.say(Level::Warn, format_args!("event={event} {numbers}"));
    }
}

fn announce(room: &mut Room, log: &Log, line: Line<'_>) {
    match line {
        Line::Text(line) if room.announce(line) => {}
        _ => log.say(Level::Warn, format_args!("event=announcement_too_long")),
    }
}
