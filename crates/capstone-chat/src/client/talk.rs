//! The loop: the socket, whoever types, signals and the clock, all waited for in one place.

use std::os::fd::AsFd as _;
use std::time::Instant;

use cli::Outcome;
use multiplex::{Backend, Deadline, Interest, Poller, Token, Trigger};
use nix::sys::signal::Signal;
use process::signals::{Masked, SignalFd};

use super::front::{Front, Input, LONGEST_LINE};
use super::link::{Came, Link};
use super::session::{Action, Event, Session};
use crate::wire::{LONGEST, harmless};

const SERVER: Token = Token(0);
const SIGNALS: Token = Token(1);
const TYPED: Token = Token(2);

/// Signals that ask a program to end. They are read, so that the others are told who has left; and
/// so that a terminal is left as it was found.
const ENDS: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

/// Talks until the session is over.
///
/// # Errors
/// The sentence that the session ends with; a standard output that cannot be written to.
pub(super) fn talk<F: Front>(
    link: Link,
    session: Session,
    front: impl FnOnce() -> Outcome<F>,
) -> Outcome {
    // Before the front starts threads: they inherit which signals are held back.
    let signals = SignalFd::new(Masked::block(ENDS)?)?;
    let front = front()?;
    let mut talk = Talk { link, session, front, broken: None };
    let ended = talk.until_over(&signals)?;
    // Nobody hears us any more; that is why it ended.
    if let Some(broken) = talk.broken {
        return Err(broken);
    }
    Ok(ended?)
}

struct Talk<F> {
    link: Link,
    session: Session,
    front: F,
    /// Standard output has failed.
    broken: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl<F: Front> Talk<F> {
    fn until_over(&mut self, signals: &SignalFd) -> Outcome<Result<(), String>> {
        // poll(2) takes everything that standard input may be, files too.
        let mut poller = Backend::Poll.open()?;
        self.watch_link(&mut *poller)?;
        poller.register(signals.as_fd(), SIGNALS, Interest::READABLE, Trigger::Level)?;
        let mut events = Vec::new();
        loop {
            if let Some(ended) = self.act(&mut *poller)? {
                return Ok(ended);
            }
            // Who types faster than datagrams go out has to wait.
            let lines = self.session.takes_lines() && !self.link.owes();
            if let Some(input) = self.front.next(lines)? {
                self.typed(&input)?;
                continue;
            }
            self.front.watch(&mut *poller, TYPED, lines)?;
            // POLLOUT only while something is owed: a socket is nearly always writable.
            let mut wanted = Interest::READABLE;
            wanted.set(Interest::WRITABLE, self.link.owes());
            poller.modify(self.link.as_fd(), SERVER, wanted, Trigger::Level)?;
            let deadline = self.session.deadline().map_or(Deadline::Never, Deadline::At);
            poller.wait(&mut events, deadline)?;
            for event in events.drain(..) {
                match event.token {
                    SERVER if event.is_readable() => self.receive(&mut *poller)?,
                    SIGNALS => {
                        while signals.wait(Deadline::Now)?.is_some() {
                            self.session.handle(Event::Interrupted, Instant::now());
                        }
                    }
                    TYPED => self.front.fill()?,
                    _ => {}
                }
            }
            self.session.handle(Event::Time, Instant::now());
        }
    }

    /// Does what the session wants, and what comes of that; what it ended with, if it has.
    fn act(&mut self, poller: &mut dyn Poller) -> Outcome<Option<Result<(), String>>> {
        loop {
            for action in self.session.actions() {
                if let Action::End(how) = action {
                    return Ok(Some(how));
                }
                if let Err(error) = self.one(action) {
                    // Nobody sees what we show. The others shall be told that nobody is here.
                    self.broken = Some(error);
                    self.session.handle(Event::Interrupted, Instant::now());
                }
            }
            match self.link.flush()? {
                Came::Unreachable => self.unreachable(poller)?,
                _ if self.session.has_actions() => {}
                _ => return Ok(None),
            }
        }
    }

    fn one(&mut self, action: Action) -> Outcome {
        match action {
            Action::Send(datagram) => self.link.push(datagram),
            _ if self.broken.is_some() => {}
            Action::Show(line) => self.front.show(&line)?,
            Action::Note(line) => self.front.note(&line)?,
            Action::Ask(prompt) => self.front.ask(prompt)?,
            Action::End(_) => {}
        }
        Ok(())
    }

    fn typed(&mut self, input: &Input) -> Outcome {
        let event = match input {
            Input::Line(line) => {
                // One that is much too long is told about and not shown.
                if line.len() <= LONGEST {
                    self.front.echo(&harmless(line))?;
                }
                Event::Line(line)
            }
            Input::Endless => {
                let note = format!("not sent: that line has more than {LONGEST_LINE} bytes");
                return self.front.note(&note);
            }
            Input::End => Event::EndOfInput,
            Input::Interrupt => Event::Interrupted,
        };
        self.session.handle(event, Instant::now());
        Ok(())
    }

    /// Takes all that has come; what it leads to is done afterwards.
    fn receive(&mut self, poller: &mut dyn Poller) -> Outcome {
        loop {
            match self.link.receive()? {
                Came::Datagram(bytes) => {
                    self.session.handle(Event::Datagram(bytes), Instant::now());
                }
                Came::Unreachable => self.unreachable(poller)?,
                Came::Nothing => return Ok(()),
            }
        }
    }

    fn unreachable(&mut self, poller: &mut dyn Poller) -> Outcome {
        if self.session.is_entering() {
            // Another address is another socket.
            poller.remove(self.link.as_fd())?;
            let elsewhere = self.link.elsewhere();
            self.watch_link(poller)?;
            if elsewhere {
                self.session.moved(self.link.server());
                return Ok(());
            }
        }
        self.session.handle(Event::Unreachable, Instant::now());
        Ok(())
    }

    fn watch_link(&mut self, poller: &mut dyn Poller) -> Outcome {
        Ok(poller.register(self.link.as_fd(), SERVER, Interest::READABLE, Trigger::Level)?)
    }
}
