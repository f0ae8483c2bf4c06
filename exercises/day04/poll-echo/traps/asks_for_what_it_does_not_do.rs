//! expect: your server does not come to rest
//! expect: Do not ask for what you will not do now

use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::{SendQueue, not_now, tcp};
pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    let mut crowded = false;
    loop {
        let wanted = if crowded { PollFlags::empty() } else { PollFlags::POLLIN };
        let mut fds = vec![PollFd::new(listener.as_fd(), wanted)];
        fds.extend(clients.iter().map(|client| PollFd::new(client.stream.as_fd(), client.wants())));
        let limit = if crowded { PollTimeout::from(100_u8) } else { PollTimeout::NONE };
        match poll(&mut fds, limit) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let answers: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(false)).collect();
        for (client, ready) in clients.iter_mut().zip(&answers[1..]) {
            if *ready {
                client.act(&mut record);
            }
        }
        clients.retain(|client| client.open);
        if crowded || answers[0] {
            crowded = !accept_all(&listener, &mut clients)?;
        }
    }
}
fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>) -> io::Result<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                stream.set_nonblocking(true)?;
                clients.push(Client::new(stream));
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
    deaf: bool,
    open: bool,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        let owed = SendQueue::with_limit(64 * 1024);
        Self { stream, owed, ended: false, deaf: false, open: true }
    }
    fn is_heard(&self) -> bool {
        !self.ended && (self.deaf || !self.owed.is_full())
    }
    fn wants(&self) -> PollFlags {
        let mut events = PollFlags::empty();
        events.set(PollFlags::POLLIN, !self.ended);
        events.set(PollFlags::POLLOUT, !self.deaf && !self.owed.is_empty());
        events
    }
    fn act(&mut self, record: &mut impl FnMut(&[u8])) {
        if self.is_heard() {
            let mut bytes = [0; 4096];
            match (&self.stream).read(&mut bytes) {
                Ok(n) if n > 0 => {
                    record(&bytes[..n]);
                    self.owed.push(&bytes[..n]);
                }
                Err(error) if not_now(&error) => {}
                _ => self.ended = true,
            }
        }
        self.deaf |= self.owed.flush(&self.stream).is_err();
        self.open = !(self.ended && (self.deaf || self.owed.is_empty()));
    }
}
