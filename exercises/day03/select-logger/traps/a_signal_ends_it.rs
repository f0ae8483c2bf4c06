//! expect: t8: signals
//! expect: EINTR

use std::fs::File;
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::select::{FD_SETSIZE, FdSet, select};
use nix::sys::time::{TimeVal, TimeValLike};
use sockets::framing::{Decoder, Lines};
use sockets::tcp;
pub fn serve(listener: TcpListener, terminal: OwnedFd, mut log: File) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut sources = vec![Source::new(terminal)];
    let mut crowded = false;
    loop {
        let mut set = FdSet::new();
        if !crowded {
            set.insert(listener.as_fd());
        }
        for source in &sources {
            set.insert(source.fd.as_fd());
        }
        let mut limit = TimeVal::milliseconds(100);
        select(None, &mut set, None, None, crowded.then_some(&mut limit)).expect("select");
        let accepting = crowded || set.contains(listener.as_fd());
        let ready: Vec<bool> = sources.iter().map(|s| set.contains(s.fd.as_fd())).collect();
        for (source, _) in sources.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            source.read();
            source.write_lines(&mut log)?;
        }
        sources.retain(|source| !source.ended);
        if accepting {
            crowded = !accept_all(&listener, &mut sources)?;
        }
    }
}
fn accept_all(listener: &TcpListener, sources: &mut Vec<Source>) -> io::Result<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) if usize::try_from(stream.as_raw_fd()).is_ok_and(|fd| fd >= FD_SETSIZE) => {}
            Ok(stream) => sources.push(Source::new(stream)),
            Err(error) if tcp::is_out_of_resources(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
struct Source {
    fd: OwnedFd,
    lines: Lines,
    ended: bool,
}

impl Source {
    fn new(fd: impl Into<OwnedFd>) -> Self {
        Self { fd: fd.into(), lines: Lines::with_limit(64 * 1024), ended: false }
    }
    fn read(&mut self) {
        let mut bytes = [0; 4096];
        match nix::unistd::read(&self.fd, &mut bytes) {
            Ok(n) if n > 0 => self.lines.push(&bytes[..n]),
            Err(Errno::EINTR | Errno::EAGAIN) => {}
            _ => self.ended = true,
        }
    }
    fn write_lines(&mut self, log: &mut File) -> io::Result<()> {
        loop {
            let next = if self.ended { self.lines.finish() } else { self.lines.next() };
            match next {
                Ok(Some(line)) => log.write_all(&[&line[..], b"\n"].concat())?,
                Ok(None) => return Ok(()),
                Err(_) => log.write_all(b"(a line that was too long)\n")?,
            }
        }
    }
}
