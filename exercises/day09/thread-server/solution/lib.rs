//! Parcel lockers ask which door to open: a thread for each, a limit, patience, and an end.

use std::collections::HashMap;
use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::tcp::concerns_one_connection;
use sockets::{Deadline, message};

/// The longest line, in bytes, without its end.
pub const LONGEST: usize = 4096;

/// What the server allows itself and others.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// So many clients, and so many threads, at the same time.
    pub at_once: usize,
    /// So long a client may take for a line, and for taking an answer.
    pub patience: Duration,
}

/// Serves until `stop` is readable, and says how many clients there were. When it returns, whatever
/// it returns, all threads have ended and were joined.
pub fn serve<F>(
    listener: TcpListener,
    settings: Settings,
    answer: F,
    stop: &impl AsFd,
) -> io::Result<usize>
where
    F: Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
{
    let stopping = AtomicBool::new(false);
    let mut crew = Crew::new(Arc::new(Shared { settings, answer, stopping }))?;
    let result = crew.accept_until(&listener, stop);
    // From here on a connect is refused, and who was still in the backlog is reset.
    drop(listener);
    let served = crew.stop();
    result.map(|()| served)
}

/// What all threads have.
struct Shared<F> {
    settings: Settings,
    answer: F,
    stopping: AtomicBool,
}

/// The threads, as the one that accepts sees them.
struct Crew<F> {
    shared: Arc<Shared<F>>,
    clients: HashMap<usize, Client>,
    /// How many there have been: the number of the next one.
    count: usize,
    joined: usize,
    /// Each thread that ends writes its number here. So a poll can wait for it.
    gone: PipeReader,
    leaving: Arc<PipeWriter>,
}

struct Client {
    /// To shut it down. It is closed when the thread has ended and this has been dropped as well.
    stream: Arc<TcpStream>,
    thread: JoinHandle<()>,
}

impl<F: Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static> Crew<F> {
    fn new(shared: Arc<Shared<F>>) -> io::Result<Self> {
        let (gone, leaving) = pipe()?;
        let (clients, leaving) = (HashMap::new(), Arc::new(leaving));
        Ok(Self { shared, clients, count: 0, joined: 0, gone, leaving })
    }

    /// Three things can happen, and one call waits for all of them. An accept that blocks would
    /// hear of no stop before the next client comes.
    fn accept_until(&mut self, listener: &TcpListener, stop: &impl AsFd) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        loop {
            // At the limit nobody asks for the listener: it would be readable all the time.
            let is_full = self.clients.len() >= self.shared.settings.at_once;
            let wanted = if is_full { PollFlags::empty() } else { PollFlags::POLLIN };
            let mut fds = [
                PollFd::new(stop.as_fd(), PollFlags::POLLIN),
                PollFd::new(self.gone.as_fd(), PollFlags::POLLIN),
                PollFd::new(listener.as_fd(), wanted),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Err(Errno::EINTR) => continue,
                done => done?,
            };
            let [stops, ends, comes] = fds.map(|fd| fd.any().unwrap_or(true));
            if stops {
                return Ok(());
            }
            if ends {
                self.join_one()?;
            }
            if comes {
                match listener.accept() {
                    Ok((client, _)) => self.start(client),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) if concerns_one_connection(&error) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    fn start(&mut self, stream: TcpStream) {
        let number = self.count;
        self.count += 1;
        let (shared, stream) = (Arc::clone(&self.shared), Arc::new(stream));
        let mine = Arc::clone(&stream);
        let leaves = Leaves { number, leaving: Arc::clone(&self.leaving) };
        let thread = thread::Builder::new().spawn(move || {
            // Dropped after a panic as well, and after the stream: the end is told at the very end.
            let _leaves = leaves;
            let stream = mine;
            // How it ended is this client's affair.
            let _ = shared.talk(&stream);
        });
        // No thread for this one (EAGAIN): it is turned away, and its number is nobody's.
        if let Ok(thread) = thread {
            self.clients.insert(number, Client { stream, thread });
        }
    }

    /// A thread that has ended keeps its stack until somebody joins it.
    fn join_one(&mut self) -> io::Result<()> {
        let mut number = [0; size_of::<usize>()];
        // It has been written at once, since it is short (pipe(7), PIPE_BUF).
        self.gone.read_exact(&mut number)?;
        if let Some(client) = self.clients.remove(&usize::from_ne_bytes(number)) {
            // A panic has been reported, and has ended nobody else.
            let _ = client.thread.join();
            self.joined += 1;
        }
        Ok(())
    }

    /// Whoever waits for a line gets the end of the stream instead, as if the client had ended it.
    /// Whoever is answering finishes: that direction stays open, and has its deadline.
    fn stop(self) -> usize {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let served = self.joined + self.clients.len();
        // Our share of each stream is dropped before anybody is waited for: the connection of one
        // who has ended is closed while others still finish.
        let end = |client: Client| {
            // ENOTCONN: the client was faster.
            let _ = client.stream.shutdown(Shutdown::Read);
            client.thread
        };
        let threads: Vec<_> = self.clients.into_values().map(end).collect();
        // A thread that tells its end from now on is not heard, and must not wait for room in the
        // pipe.
        drop(self.gone);
        for thread in threads {
            let _ = thread.join();
        }
        served
    }
}

impl<F: Fn(&[u8]) -> Vec<u8>> Shared<F> {
    fn talk(&self, mut stream: &TcpStream) -> io::Result<()> {
        let patience = self.settings.patience;
        let mut came = Vec::new();
        let mut late = Instant::now() + patience;
        loop {
            if let Some(end) = came.iter().position(|&byte| byte == b'\n') {
                let mut answer = (self.answer)(&came[..end]);
                answer.push(b'\n');
                message::send_all(stream, &answer, Deadline::after(patience))
                    .map_err(io::Error::other)?;
                // What the client has sent in advance is not begun any more.
                if self.stopping.load(Ordering::Relaxed) {
                    return Ok(());
                }
                came.drain(..=end);
                late = Instant::now() + patience;
                continue;
            }
            // The limit of a read is what is left for the line. With a limit for each read, a byte
            // now and then would keep the place for ever.
            let left = late.saturating_duration_since(Instant::now());
            if left.is_zero() || came.len() > LONGEST {
                return Ok(());
            }
            stream.set_read_timeout(Some(left))?;
            let mut bytes = [0; 1024];
            match stream.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(n) => came.extend_from_slice(&bytes[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Tells the thread that accepts that this one ends.
struct Leaves {
    number: usize,
    leaving: Arc<PipeWriter>,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        // When nobody reads any more, nobody has to be told.
        let _ = (&*self.leaving).write_all(&self.number.to_ne_bytes());
    }
}
