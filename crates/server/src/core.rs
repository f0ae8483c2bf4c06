//! The one loop of all servers: CPython's `serve_forever`.
//!
//! It sleeps in one place and waits there for four things: a client at the door, the stop, whatever
//! its crew has registered (a child's end, a thread's word, a client of the event loop), and the
//! next deadline. All that differs between the executors is the [`Crew`].

use std::fmt;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::time::Duration;

use multiplex::{Epoll, Event, Interest, Poller as _, Token, Trigger};
use sockets::tcp::is_out_of_resources;
use syscall::{Deadline, Errno, IntoErrno as _};

use crate::error::{Error, Result};
use crate::patience::{Terms, earlier};
use crate::request::Request;
use crate::served::{End, Served};
use crate::stopper::Stopper;
use crate::transport::Transport;

/// Those who do the work of a server.
pub trait Crew<T: Transport> {
    /// How many are accepted before the loop looks at everything else again.
    const TURN: usize = 64;

    /// Whether it can take one more. Asked before each is accepted: who stays in the backlog has
    /// lost nothing.
    fn prepare(&mut self, _: &Stopper) -> bool {
        true
    }

    /// Begins with a client. Its failure is told to the core; an error here is the server's.
    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()>;

    /// Something that the crew has registered is ready.
    fn ready(&mut self, token: Token, core: &mut Core<T>) -> Result<()>;

    /// Something has run out, and somebody waits to be let in: parts with clients whom it costs
    /// nothing. False when there are none.
    fn make_room(&mut self, _: &mut Core<T>) -> Result<bool> {
        Ok(false)
    }

    /// Clients that are being served.
    fn busy(&self) -> usize;

    /// When to be called next, whatever happens.
    fn deadline(&self) -> Deadline {
        Deadline::Never
    }

    /// Ends those whose time is over.
    fn expire(&mut self, _: &mut Core<T>) -> Result<()> {
        Ok(())
    }

    /// A stop was noticed: no more clients, and those that are there end by this moment.
    fn stopping(&mut self, _: Deadline, _: &mut Core<T>) -> Result<()> {
        Ok(())
    }

    /// Parts with whoever is still at it.
    fn dismiss(&mut self, core: &mut Core<T>) -> Result<()>;
}

/// Who is told how each client's turn has ended.
pub(crate) type Observer<T> =
    Box<dyn FnMut(&<<T as Transport>::Request as Request>::Peer, &End) + Send>;

const DOOR: Token = Token(0);
const STOP: Token = Token(1);

/// How long accepting rests when something has run out. The listener stays readable, so that
/// without a rest the loop would spin.
const REST: Duration = Duration::from_millis(100);

/// Behind the grace: handlers that waited for a client have been told that its time is over, and
/// get this long to return.
const FAREWELL: Duration = Duration::from_secs(1);

/// What the loop knows.
pub struct Core<T: Transport> {
    /// Closed by a stop, and in a forked child.
    transport: Option<T>,
    poller: Option<Epoll>,
    terms: Terms,
    at_once: usize,
    /// Whether the poller watches the door.
    watching: bool,
    rest: Option<Deadline>,
    last: u32,
    served: Served,
    observer: Observer<T>,
}

impl<T: Transport> Core<T> {
    pub(crate) fn new(
        transport: T,
        terms: Terms,
        at_once: usize,
        observer: Observer<T>,
    ) -> Result<Self> {
        let mut poller = Epoll::new()?;
        poller.register(transport.as_fd(), DOOR, Interest::READABLE, Trigger::Level)?;
        poller.register(terms.stopper.as_fd(), STOP, Interest::READABLE, Trigger::Level)?;
        Ok(Self {
            transport: Some(transport),
            poller: Some(poller),
            terms,
            at_once,
            watching: true,
            rest: None,
            last: STOP.0,
            served: Served::default(),
            observer,
        })
    }

    pub(crate) fn run(mut self, mut crew: impl Crew<T>) -> Result<Served> {
        let mut outcome = self.serve(&mut crew);
        if outcome.is_err() {
            // Those in flight shall learn of it, wherever they wait.
            outcome = outcome.and(self.terms.stopper.stop().map_err(Error::Call));
        }
        outcome = outcome.and(self.wind_down(&mut crew));
        outcome.and(crew.dismiss(&mut self)).map(|()| self.served)
    }

    fn serve(&mut self, crew: &mut impl Crew<T>) -> Result<()> {
        let mut events = Vec::new();
        loop {
            self.watch_door(crew.busy() < self.at_once && self.rest.is_none())?;
            let deadline = earlier(crew.deadline(), self.rest.unwrap_or(Deadline::Never));
            self.wait(&mut events, deadline)?;
            // Before anything else: a stop before the first client means no client.
            if events.iter().any(|event| event.token == STOP) {
                return Ok(());
            }
            if self.rest.is_some_and(Deadline::has_passed) {
                self.rest = None;
            }
            self.tend(crew, &events)?;
            if events.iter().any(|event| event.token == DOOR) {
                self.accept(crew)?;
            }
        }
    }

    /// Lets in whoever waits, up to the limit. The others stay in the backlog, which is the
    /// kernel's queue and costs nothing.
    fn accept<C: Crew<T>>(&mut self, crew: &mut C) -> Result<()> {
        let mut made_room = false;
        for _ in 0..C::TURN {
            let Some(door) = self.transport.as_ref().filter(|_| crew.busy() < self.at_once) else {
                break;
            };
            if !crew.prepare(&self.terms.stopper) {
                self.rest();
                break;
            }
            match door.accept(&self.terms) {
                Ok(None) => break,
                Ok(Some(request)) => {
                    made_room = false;
                    self.served.clients += 1;
                    crew.take(request, self)?;
                    self.served.peak = self.served.peak.max(crew.busy()).max(1);
                }
                Err(error) if is_out_of_resources(&error) => {
                    // Room that was made in vain was not what is missing.
                    if !made_room && crew.make_room(self)? {
                        made_room = true;
                        continue;
                    }
                    self.rest();
                    break;
                }
                Err(error) => {
                    return Err(Error::Call(syscall::Error::new("accept", error.into_errno())));
                }
            }
        }
        Ok(())
    }

    fn wind_down(&mut self, crew: &mut impl Crew<T>) -> Result<()> {
        let (grace, farewell) = (self.terms.grace, self.terms.grace.saturating_add(FAREWELL));
        let (grace, farewell) = (Deadline::after(grace), Deadline::after(farewell));
        if self.terms.last_call {
            self.empty_backlog(crew, grace)?;
        }
        // Whoever still waits in the backlog learns at once that nobody will come.
        self.watch_door(false)?;
        self.transport = None;
        // It stays readable, and would end every wait from now on.
        let stopper = self.terms.stopper.clone();
        self.forget(stopper.as_fd())?;
        crew.stopping(grace, self)?;
        let mut events = Vec::new();
        while crew.busy() > 0 && !farewell.has_passed() {
            self.wait(&mut events, earlier(crew.deadline(), farewell))?;
            self.tend(crew, &events)?;
        }
        Ok(())
    }

    /// Lets in whoever has come before the stop.
    fn empty_backlog(&mut self, crew: &mut impl Crew<T>, by: Deadline) -> Result<()> {
        let mut before = None;
        while before != Some(self.served.clients) && !by.has_passed() {
            before = Some(self.served.clients);
            self.accept(crew)?;
        }
        Ok(())
    }

    fn tend(&mut self, crew: &mut impl Crew<T>, events: &[Event]) -> Result<()> {
        for event in events.iter().filter(|event| event.token != DOOR) {
            crew.ready(event.token, self)?;
        }
        crew.expire(self)
    }

    /// One client has gone.
    pub(crate) fn ended(&mut self, peer: &<T::Request as Request>::Peer, end: &End) {
        self.served.count(end);
        (self.observer)(peer, end);
        // What had run out may be there again.
        self.rest = None;
    }

    /// Something has run out: nobody is let in for a while.
    pub(crate) fn rest(&mut self) {
        self.served.pauses += 1;
        self.rest = Some(Deadline::after(REST));
    }

    /// Starts to watch a descriptor for the crew. After four thousand million of them their numbers
    /// begin anew, without those that are `taken`.
    pub(crate) fn watch(
        &mut self,
        fd: BorrowedFd<'_>,
        interest: Interest,
        taken: impl Fn(Token) -> bool,
    ) -> Result<Token> {
        loop {
            self.last = self.last.checked_add(1).unwrap_or(STOP.0 + 1);
            if !taken(Token(self.last)) {
                break;
            }
        }
        let token = Token(self.last);
        self.poller()?.register(fd, token, interest, Trigger::Level)?;
        Ok(token)
    }

    pub(crate) fn change(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
    ) -> Result<()> {
        Ok(self.poller()?.modify(fd, token, interest, Trigger::Level)?)
    }

    /// Before the descriptor is closed: a copy of it in a forked child would go on reporting.
    pub(crate) fn forget(&mut self, fd: BorrowedFd<'_>) -> Result<()> {
        Ok(self.poller()?.remove(fd)?)
    }

    /// In a forked child: what belongs to the parent is closed, so that no child keeps a port
    /// busy or a client of somebody else's connected.
    pub(crate) fn leave(&mut self) {
        self.transport = None;
        self.poller = None;
    }

    fn watch_door(&mut self, on: bool) -> Result<()> {
        if let (Some(door), Some(poller)) = (&self.transport, &mut self.poller)
            && self.watching != on
        {
            let interest = if on { Interest::READABLE } else { Interest::empty() };
            poller.modify(door.as_fd(), DOOR, interest, Trigger::Level)?;
            self.watching = on;
        }
        Ok(())
    }

    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()> {
        Ok(self.poller()?.wait(events, deadline)?)
    }

    fn poller(&mut self) -> Result<&mut Epoll> {
        // Only a forked child is without one, and it never comes back into the loop.
        let gone = || Error::Call(syscall::Error::new("epoll_wait", Errno::EBADF));
        self.poller.as_mut().ok_or_else(gone)
    }
}

impl<T: Transport> fmt::Debug for Core<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transport, served, .. } = self;
        f.debug_struct("Core")
            .field("transport", transport)
            .field("served", served)
            .finish_non_exhaustive()
    }
}
