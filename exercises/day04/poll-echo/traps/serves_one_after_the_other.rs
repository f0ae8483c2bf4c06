//! expect: does not sleep in poll(2)
//! expect: sleeps now in recvfrom, at src/lib.rs:

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    loop {
        let mut fds = [PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let (mut client, _) = listener.accept()?;
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = client.read(&mut bytes) {
            record(&bytes[..n]);
            client.write_all(&bytes[..n])?;
        }
    }
}
