//! A bad network between a UDP server and its clients: it loses datagrams, doubles them, lets them
//! overtake each other, and keeps them for a while, by chance from a seed or as a test says.
//!
//! The clients talk to [`Lossy::address`] instead of the server. A server may answer from other
//! ports than the one that was asked, as TFTP servers do: each of them has its own port here, too.
//!
//! ```text
//!  client C ──► port for the server's S ─┐  ┌─ port for C ──► S  server
//!         ◄──── port for the server's T ─┴──┴────────────◄── T
//! ```

mod fate;
mod ports;

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};

pub use fate::{Chances, Fate, Way};
use ports::{Parcel, Ports};

/// One that is to be overtaken waits so long for the next: much longer than those of one burst are
/// apart, and shorter than a protocol waits before it sends again.
const OVERTAKEN_BY_NOBODY: Duration = Duration::from_millis(10);

/// What has happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Datagrams that have come to be carried.
    pub came: u64,
    /// Of these: were lost.
    pub lost: u64,
    /// Of these: were doubled.
    pub twice: u64,
    /// Of these: were held back for the next one.
    pub overtaken: u64,
    /// Of these: were late.
    pub late: u64,
}

/// The network. Dropping it ends its thread and loses what is still on the way.
#[derive(Debug)]
pub struct Lossy {
    address: SocketAddr,
    counts: Arc<Mutex<Counts>>,
    end: Arc<EventFd>,
    thread: Option<JoinHandle<()>>,
}

impl Lossy {
    /// In front of a server, with a fate for every datagram: [`Chances::seeded`], or what a test
    /// wants to happen to this one.
    ///
    /// # Errors
    /// EMFILE, EADDRNOTAVAIL.
    pub fn before(
        server: SocketAddr,
        fate: impl FnMut(Way, &[u8]) -> Fate + Send + 'static,
    ) -> io::Result<Self> {
        let ports = Ports::of(server)?;
        let address = ports.first()?;
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let end = Arc::new(EventFd::from_flags(flags)?);
        let counts = Arc::default();
        let (watch, count) = (Arc::clone(&end), Arc::clone(&counts));
        let carrier = Carrier { ports, fate, counts: count, waiting: Vec::new() };
        let thread = std::thread::Builder::new().name("lossy".into());
        let thread = thread.spawn(move || carrier.carry(&watch))?;
        Ok(Self { address, counts, end, thread: Some(thread) })
    }

    /// Where clients find the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has happened so far.
    pub fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lossy {
    fn drop(&mut self) {
        // A fate that panicked has ended the thread already, and its test fails by itself.
        let _ = self.end.write(1);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

struct Carrier<F> {
    ports: Ports,
    fate: F,
    counts: Arc<Mutex<Counts>>,
    /// Those that arrive later; there are few.
    waiting: Vec<Waiting>,
}

struct Waiting {
    parcel: Parcel,
    until: Instant,
    /// Or until the next one between the two.
    overtaken: bool,
}

impl<F: FnMut(Way, &[u8]) -> Fate> Carrier<F> {
    fn carry(mut self, end: &EventFd) {
        let mut buffer = vec![0; 65_536];
        loop {
            let next = self.waiting.iter().map(|waiting| waiting.until).min();
            let left = next.map(|until| until.saturating_duration_since(Instant::now()));
            // Rounded up, or the last millisecond would be a busy loop.
            let left = left.map_or(-1, |left| i32::try_from(left.as_millis() + 1).unwrap_or(-1));
            let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::NONE);
            let mut fds = self.ports.polled();
            fds.push(PollFd::new(end.as_fd(), PollFlags::POLLIN));
            let waited = poll(&mut fds, timeout);
            let is_ready = |fd: &PollFd| waited.is_ok() && fd.any().unwrap_or(false);
            if fds.last().is_some_and(is_ready) {
                return;
            }
            let ready = fds.iter().enumerate().filter_map(|(at, fd)| is_ready(fd).then_some(at));
            for at in ready.collect::<Vec<_>>() {
                while let Some(parcel) = self.ports.take(at, &mut buffer) {
                    self.decide(parcel);
                }
            }
            let now = Instant::now();
            self.release(|waiting| waiting.until <= now);
        }
    }

    fn decide(&mut self, parcel: Parcel) {
        let fate = (self.fate)(parcel.way, &parcel.bytes);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.came += 1;
        match fate {
            Fate::Arrives => {}
            Fate::Lost => counts.lost += 1,
            Fate::Twice => counts.twice += 1,
            Fate::Overtaken => counts.overtaken += 1,
            Fate::Late(_) => counts.late += 1,
        }
        drop(counts);
        let (port, to) = (parcel.port, parcel.to);
        let mut wait = |parcel, time, overtaken| {
            self.waiting.push(Waiting { parcel, until: Instant::now() + time, overtaken });
        };
        match fate {
            Fate::Lost => return,
            Fate::Overtaken => return wait(parcel, OVERTAKEN_BY_NOBODY, true),
            Fate::Late(time) => return wait(parcel, time, false),
            Fate::Arrives => self.ports.send(&parcel),
            Fate::Twice => (0..2).for_each(|_| self.ports.send(&parcel)),
        }
        // It has overtaken those that waited for that.
        let same = |other: &Parcel| other.port == port && other.to == to;
        self.release(|waiting| waiting.overtaken && same(&waiting.parcel));
    }

    /// Sends those, in the order of their times.
    fn release(&mut self, is_free: impl Fn(&Waiting) -> bool) {
        let mut free: Vec<_> = self.waiting.extract_if(.., |waiting| is_free(waiting)).collect();
        free.sort_by_key(|waiting| waiting.until);
        for waiting in free {
            self.ports.send(&waiting.parcel);
        }
    }
}
