//! expect: 5 clients are served at the same time, and at_once is 4

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

pub const LONGEST: usize = 4096;

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub at_once: usize,
    pub patience: Duration,
}

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
    drop(listener);
    let served = crew.stop();
    result.map(|()| served)
}

struct Shared<F> {
    settings: Settings,
    answer: F,
    stopping: AtomicBool,
}

struct Crew<F> {
    shared: Arc<Shared<F>>,
    clients: HashMap<usize, Client>,
    count: usize,
    joined: usize,
    gone: PipeReader,
    leaving: Arc<PipeWriter>,
}

struct Client {
    stream: Arc<TcpStream>,
    thread: JoinHandle<()>,
}

impl<F: Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static> Crew<F> {
    fn new(shared: Arc<Shared<F>>) -> io::Result<Self> {
        let (gone, leaving) = pipe()?;
        let (clients, leaving) = (HashMap::new(), Arc::new(leaving));
        Ok(Self { shared, clients, count: 0, joined: 0, gone, leaving })
    }

    fn accept_until(&mut self, listener: &TcpListener, stop: &impl AsFd) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        loop {
            let wanted = PollFlags::POLLIN;
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
            let _leaves = leaves;
            let stream = mine;
            let _ = shared.talk(&stream);
        });
        if let Ok(thread) = thread {
            self.clients.insert(number, Client { stream, thread });
        }
    }

    fn join_one(&mut self) -> io::Result<()> {
        let mut number = [0; size_of::<usize>()];
        self.gone.read_exact(&mut number)?;
        if let Some(client) = self.clients.remove(&usize::from_ne_bytes(number)) {
            let _ = client.thread.join();
            self.joined += 1;
        }
        Ok(())
    }

    fn stop(self) -> usize {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let served = self.joined + self.clients.len();
        let end = |client: Client| {
            let _ = client.stream.shutdown(Shutdown::Read);
            client.thread
        };
        let threads: Vec<_> = self.clients.into_values().map(end).collect();
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
                if self.stopping.load(Ordering::Relaxed) {
                    return Ok(());
                }
                came.drain(..=end);
                late = Instant::now() + patience;
                continue;
            }
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

struct Leaves {
    number: usize,
    leaving: Arc<PipeWriter>,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        let _ = (&*self.leaving).write_all(&self.number.to_ne_bytes());
    }
}
