//! A client that listens to two descriptors at once: the terminal and the server.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsRawFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use sockets::{SendQueue, not_now};

use crate::event::{about, fd_of};

/// Sends what is typed and shows what comes back, until the server has ended its side.
pub(crate) fn talk(mut stream: &TcpStream) -> Outcome {
    stream.set_nonblocking(true)?;
    let (input, mut output) = (io::stdin(), io::stdout());
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    let mut owed = SendQueue::with_limit(64 * 1024);
    let (mut typing, mut ended) = (true, false);
    let mut events = [EpollEvent::empty(); 2];
    let mut bytes = [0; 4096];

    epoll.add(stream, about(stream.as_raw_fd(), EpollFlags::EPOLLIN))?;
    // epoll refuses what never makes anybody wait: a regular file, /dev/null. Such an input needs
    // no event, it is always ready.
    let always_ready = match epoll.add(&input, about(input.as_raw_fd(), EpollFlags::EPOLLIN)) {
        Err(Errno::EPERM) => true,
        done => done.map(|()| false)?,
    };
    loop {
        let hungry = typing && !owed.is_full();
        let limit = if hungry && always_ready { EpollTimeout::ZERO } else { EpollTimeout::NONE };
        let ready = match epoll.wait(&mut events, limit) {
            Err(Errno::EINTR) => continue,
            n => &events[..n?],
        };
        let has = |fd| ready.iter().any(|event| fd_of(event) == fd);

        if hungry && (always_ready || has(input.as_raw_fd())) {
            // One read(2) for one event: std's own stdin would hide lines in its buffer.
            match nix::unistd::read(&input, &mut bytes)? {
                0 => typing = false,
                n => owed.push(&bytes[..n]),
            }
        }
        owed.flush(stream)?;
        if !typing && owed.is_empty() && !ended {
            // Our side has ended; the other one may still have something to say.
            stream.shutdown(Shutdown::Write)?;
            ended = true;
        }
        if has(stream.as_raw_fd()) {
            match stream.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(n) => output.write_all(&bytes[..n])?,
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error.into()),
            }
            output.flush()?;
        }

        // Tell the kernel what we wait for next: room for what is owed, and the input only while
        // there is a place for it. The end of an input stays readable for ever.
        let mut wanted = EpollFlags::EPOLLIN;
        wanted.set(EpollFlags::EPOLLOUT, !owed.is_empty());
        epoll.modify(stream, &mut about(stream.as_raw_fd(), wanted))?;
        if !always_ready {
            let mut wanted = EpollFlags::EPOLLET;
            wanted.set(EpollFlags::EPOLLIN, typing && !owed.is_full());
            epoll.modify(&input, &mut about(input.as_raw_fd(), wanted))?;
        }
    }
}
