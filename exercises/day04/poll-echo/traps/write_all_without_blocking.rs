//! expect: your server has taken 8 MiB from it
//! expect: write_all keeps nothing

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    let mut clients: Vec<TcpStream> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
        fds.extend(clients.iter().map(|client| PollFd::new(client.as_fd(), PollFlags::POLLIN)));
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let ready: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(false)).collect();
        let mut index = 0;
        clients.retain_mut(|client| {
            index += 1;
            if !ready[index] {
                return true;
            }
            let mut bytes = [0; 4096];
            match client.read(&mut bytes) {
                Ok(0) => false,
                Ok(n) => {
                    record(&bytes[..n]);
                    // "An error is the end of this client." It is one: the buffer is full.
                    let _ = client.write_all(&bytes[..n]);
                    true
                }
                Err(error) => error.kind() == io::ErrorKind::WouldBlock,
            }
        });
        if ready[0] {
            let stream = listener.accept()?.0;
            stream.set_nonblocking(true)?;
            clients.push(stream);
        }
    }
}
