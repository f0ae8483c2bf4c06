//! expect: sleeps now in read
//! expect: that is complete), and all the others wait with it

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

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
            set.insert(source.fd());
        }
        let mut limit = TimeVal::milliseconds(100);
        match select(None, &mut set, None, None, crowded.then_some(&mut limit)) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let accepting = crowded || set.contains(listener.as_fd());
        let ready: Vec<bool> = sources.iter().map(|s| set.contains(s.fd())).collect();
        for (source, _) in sources.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            let mut line = Vec::new();
            loop {
                line.clear();
                match source.reader.read_until(b'\n', &mut line) {
                    Ok(n) if n > 0 => {
                        if !line.ends_with(b"\n") {
                            line.push(b'\n');
                        }
                        log.write_all(&line)?;
                    }
                    _ => source.ended = true,
                }
                if source.ended || source.reader.buffer().is_empty() {
                    break;
                }
            }
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
    reader: BufReader<File>,
    ended: bool,
}

impl Source {
    fn new(fd: impl Into<OwnedFd>) -> Self {
        Self { reader: BufReader::new(fd.into().into()), ended: false }
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.reader.get_ref().as_fd()
    }
}
