//! expect: bytes lie unread in descriptor
//! expect: is watched by edge: this was reported once

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use sockets::{SendQueue, not_now, tcp};
const ALL: EpollFlags = EpollFlags::EPOLLIN.union(EpollFlags::EPOLLOUT).union(EpollFlags::EPOLLET);
pub fn serve(listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(&listener, about(&listener, EpollFlags::EPOLLIN | EpollFlags::EPOLLET))?;

    let mut clients: HashMap<RawFd, Client> = HashMap::new();
    let mut crowded = false;
    let mut events = [EpollEvent::empty(); 64];
    loop {
        let limit = if crowded { EpollTimeout::from(100_u8) } else { EpollTimeout::NONE };
        let ready = match epoll.wait(&mut events, limit) {
            Err(Errno::EINTR) => continue,
            n => &events[..n?],
        };
        let mut accepting = crowded;
        for event in ready {
            let fd = RawFd::try_from(event.data()).unwrap_or(-1);
            let Some(client) = clients.get_mut(&fd) else {
                accepting = true;
                continue;
            };
            match client.pump() {
                Pumped::Dry => {}
                Pumped::Tired => {}
                Pumped::Over => {
                    epoll.delete(&client.stream)?;
                    clients.remove(&fd);
                }
            }
        }
        if accepting {
            crowded = !accept_all(&listener, &epoll, &mut clients)?;
        }
    }
}
fn about(fd: &impl AsRawFd, flags: EpollFlags) -> EpollEvent {
    EpollEvent::new(flags, fd.as_raw_fd().cast_unsigned().into())
}
fn accept_all(
    listener: &TcpListener,
    epoll: &Epoll,
    clients: &mut HashMap<RawFd, Client>,
) -> io::Result<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                stream.set_nonblocking(true)?;
                if epoll.add(&stream, about(&stream, ALL)).is_ok() {
                    clients.insert(stream.as_raw_fd(), Client::new(stream));
                }
            }
            Err(error) if tcp::is_out_of_resources(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
struct Client {
    stream: TcpStream,
    owed: SendQueue,
    ended: bool,
}
enum Pumped {
    Dry,
    Tired,
    Over,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self { stream, owed: SendQueue::with_limit(64 * 1024), ended: false }
    }
    fn pump(&mut self) -> Pumped {
        for _ in 0..1 {
            let mut dry = self.ended;
            if !self.ended && !self.owed.is_full() {
                let mut bytes = [0; 4096];
                match (&self.stream).read(&mut bytes) {
                    Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                    Err(error) if not_now(&error) => dry = true,
                    _ => self.ended = true,
                }
            }
            let sent = self.owed.flush(&self.stream);
            if sent.is_err() || self.ended && self.owed.is_empty() {
                return Pumped::Over;
            }
            if dry || self.owed.is_full() {
                return Pumped::Dry;
            }
        }
        Pumped::Dry
    }
}
