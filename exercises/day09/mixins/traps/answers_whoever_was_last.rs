//! expect: Udp with Thread: the first one, whose handler had to wait
//! expect: gets no answer

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use sockets::tcp::concerns_one_connection;

pub trait Handler: Sync {
    fn handle(&self, request: &[u8]) -> Vec<u8>;
}

impl<F> Handler for F
where
    F: Fn(&[u8]) -> Vec<u8> + Sync,
{
    fn handle(&self, request: &[u8]) -> Vec<u8> {
        self(request)
    }
}

pub trait Transport: Sync {
    type Request: Request + Send;

    fn next(&self) -> io::Result<Self::Request>;
}

pub trait Request {
    fn serve(self, handler: &impl Handler) -> io::Result<()>;
}

pub trait Executor {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()>;
}

pub fn serve<T: Transport, E: Executor, H: Handler>(
    transport: T,
    executor: E,
    handler: H,
) -> io::Result<()> {
    executor.run(transport, handler)
}

#[derive(Debug)]
pub struct Tcp(TcpListener);

impl Tcp {
    pub fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl Transport for Tcp {
    type Request = TcpStream;

    fn next(&self) -> io::Result<TcpStream> {
        loop {
            match self.0.accept() {
                Err(error) if concerns_one_connection(&error) => {}
                done => return done.map(|(client, _)| client),
            }
        }
    }
}

impl Request for TcpStream {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        let mut lines = BufReader::new(&self);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let mut answer = handler.handle(line.strip_suffix(b"\n").unwrap_or(&line));
            answer.push(b'\n');
            (&self).write_all(&answer)?;
            line.clear();
        }
        Ok(())
    }
}

#[derive(Debug)]
pub struct Udp(Arc<UdpSocket>, Arc<Mutex<Option<SocketAddr>>>);

impl Udp {
    pub fn new(socket: UdpSocket) -> Self {
        Self(Arc::new(socket), Arc::default())
    }
}

#[derive(Debug)]
pub struct Datagram {
    socket: Arc<UdpSocket>,
    bytes: Vec<u8>,
    last: Arc<Mutex<Option<SocketAddr>>>,
}

impl Transport for Udp {
    type Request = Datagram;

    fn next(&self) -> io::Result<Datagram> {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            match self.0.recv_from(&mut bytes) {
                Ok((n, from)) => {
                    bytes.truncate(n);
                    *self.1.lock().unwrap() = Some(from);
                    return Ok(Datagram {
                        socket: Arc::clone(&self.0),
                        bytes,
                        last: Arc::clone(&self.1),
                    });
                }
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Request for Datagram {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        let answer = handler.handle(&self.bytes);
        let last = self.last.lock().unwrap().expect("somebody has asked");
        self.socket.send_to(&answer, last).map(drop)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Iterative;

impl Executor for Iterative {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        work(&transport, &handler)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Fork;

impl Executor for Fork {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        let mut children: Vec<Pid> = Vec::new();
        loop {
            let request = transport.next()?;
            children.retain(|&child| {
                let status = waitpid(child, Some(WaitPidFlag::WNOHANG));
                matches!(status, Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
            });
            // SAFETY: this executor has no other threads, so the child is a whole process.
            match unsafe { fork() } {
                Ok(ForkResult::Child) => {
                    drop(transport);
                    attempt(request, &handler);
                    // SAFETY: it does not return, least of all into the loop.
                    unsafe { libc::_exit(0) }
                }
                Ok(ForkResult::Parent { child }) => children.push(child),
                Err(_) => {}
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Thread;

impl Executor for Thread {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        let handler = &handler;
        thread::scope(|scope| {
            loop {
                let request = transport.next()?;
                let _ =
                    thread::Builder::new().spawn_scoped(scope, move || attempt(request, handler));
            }
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub workers: usize,
}

impl Executor for Pool {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        thread::scope(|scope| {
            let one = || work(&transport, &handler);
            let workers: Vec<_> = (0..self.workers).map(|_| scope.spawn(one)).collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|_| Err(io::Error::other("a worker has panicked")))
            })
        })
    }
}

fn work(transport: &impl Transport, handler: &impl Handler) -> io::Result<()> {
    loop {
        attempt(transport.next()?, handler);
    }
}

fn attempt(request: impl Request, handler: &impl Handler) {
    let _ = catch_unwind(AssertUnwindSafe(|| request.serve(handler)));
}
