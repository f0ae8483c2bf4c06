//! The process that keeps the servers. Each of them is a child of its own, forked before any thread
//! exists: a process that has threads does not fork, and one of the models does nothing else.
//!
//! The keeper serves nobody. It waits for signals and for its children, and makes one whole of them:
//! asked to end, it asks all; when one of them ends unasked, the others follow. It cannot be stopped
//! by what clients do, because it knows none.

use std::os::fd::AsFd as _;
use std::time::Duration;

use cli::Outcome;
use multiplex::{Backend, Deadline, Interest, Poller, Token, Trigger};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::getpid;
use process::orphan::Subreaper;
use process::procfs::Tree;
use process::{Child, Process, Started};
use server::Stopper;

use crate::{Level, Log, Signals};

/// Behind the grace, which the servers keep themselves: who is still there then is killed.
const MARGIN: Duration = Duration::from_secs(3);

const SIGNALS: Token = Token(0);
const CHILD: Token = Token(1);

/// The servers, and what may end them.
#[derive(Debug)]
pub struct Keeper {
    program: &'static str,
    /// Watched before the first child is there. Children inherit the handlers, which say nothing to
    /// them: a Ctrl-C reaches the whole foreground group of a terminal, and what it means is decided
    /// here.
    signals: Signals,
    stopper: Stopper,
    servers: Vec<Started>,
    log: Log,
    grace: Duration,
    /// Children of a killed server come to us.
    _orphans: Subreaper,
}

impl Keeper {
    /// One without servers, for the program of this name.
    ///
    /// # Errors
    /// EMFILE; somebody else handles these signals.
    pub fn new(program: &'static str, level: Level, grace: Duration) -> Outcome<Self> {
        Ok(Self {
            program,
            signals: Signals::watch(&[])?,
            stopper: Stopper::new()?,
            servers: Vec::new(),
            log: Log::new(level),
            grace,
            _orphans: Subreaper::new()?,
        })
    }

    /// Starts a server, which ends by the stopper, and by a SIGKILL when the keeper is gone. It may
    /// have as many descriptors as the hard limit grants (RLIMIT_NOFILE).
    ///
    /// # Errors
    /// EAGAIN, ENOMEM, EMFILE; this process has threads.
    pub fn start(&mut self, name: &str, serve: impl FnOnce(&Stopper) -> Outcome) -> Outcome {
        let (program, stopper) = (self.program, self.stopper.clone());
        let work = || match as_many_descriptors_as_allowed().and_then(|()| serve(&stopper)) {
            Ok(()) => 0,
            Err(error) => {
                let _ = cli::exit(&format!("{program}: {name}"), Err(error));
                1
            }
        };
        let server = Process::new(work).name(name).daemon(true).start()?;
        self.log.say(Level::Info, format_args!("event=started server={name} pid={}", server.pid()));
        self.servers.push(server);
        Ok(())
    }

    /// Until all have ended.
    ///
    /// # Errors
    /// A server has ended unasked, or has failed.
    pub fn keep(mut self) -> Outcome {
        let mut poller = Backend::Poll.open()?;
        poller.register(self.signals.as_fd(), SIGNALS, Interest::READABLE, Trigger::Level)?;
        for server in &self.servers {
            poller.register(server.as_fd(), CHILD, Interest::READABLE, Trigger::Level)?;
        }
        let (mut events, mut end, mut failed) = (Vec::new(), Deadline::Never, None);
        while !self.servers.is_empty() {
            poller.wait(&mut events, end)?;
            for signal in self.signals.take()? {
                self.log.say(Level::Info, format_args!("event=stop signal={signal}"));
            }
            let asked = self.signals.stops() > 0;
            failed = failed.or(self.bury(poller.as_mut(), asked)?);
            if end == Deadline::Never && (asked || failed.is_some()) {
                self.stopper.stop()?;
                end = Deadline::after(self.grace.saturating_add(MARGIN));
            }
            if self.signals.stops() > 1 || end.has_passed() {
                // Dropping them kills them.
                self.servers.clear();
            }
        }
        kill_orphans()?;
        failed.map_or(Ok(()), |why| Err(why.into()))
    }

    /// Who has ended is no child any more; the sentence about it, if it was not asked to.
    fn bury(&mut self, poller: &mut dyn Poller, asked: bool) -> Outcome<Option<String>> {
        let mut failed = None;
        let mut at = 0;
        while let Some(server) = self.servers.get_mut(at) {
            let Some(exit) = server.join(Deadline::Now)? else {
                at += 1;
                continue;
            };
            let server = self.servers.remove(at);
            poller.remove(server.as_fd())?;
            if !(asked && exit.success()) && failed.is_none() {
                failed = Some(format!("the server of {} has ended: {exit}", server.name()));
            }
        }
        Ok(failed)
    }
}

/// The soft limit is 1,024 for the sake of select(2), which none of our servers calls.
fn as_many_descriptors_as_allowed() -> Outcome {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    Ok(setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?)
}

/// What a killed server has forked, and what that has.
fn kill_orphans() -> process::Result<()> {
    loop {
        let tree = Tree::read()?;
        let mut orphans = tree.children(getpid()).peekable();
        if orphans.peek().is_none() {
            return Ok(());
        }
        for orphan in orphans {
            let mut orphan = Child::adopt(orphan.pid)?;
            orphan.kill()?;
            orphan.join(Deadline::Never)?;
        }
    }
}
