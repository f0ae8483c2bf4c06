//! The whole lesson: the server in this thread, its clients in another, one step after the other.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::thread;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::tcp;

use crate::{cases, listen, server};

pub(crate) fn run() -> Outcome {
    let listener = listen("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let clients = thread::spawn(move || clients(address));
    server::serve(&listener, Some(3))?;
    clients.join().map_err(|_| "the clients panicked")??;
    cases::run()
}

fn clients(server: SocketAddr) -> Outcome {
    let mut out = io::stdout();

    writeln!(out, "ann connects and says hello")?;
    let ann = tcp::Connect::new().to(server)?;
    writeln!(out, "ann hears {}", ask(&ann, "hello")?)?;

    writeln!(out, "bob connects, sends and sends, and reads nothing")?;
    let bob = tcp::Connect::new().to(server)?;
    let sent = fill(&bob)?;
    writeln!(out, "bob cannot send any more: the server has stopped reading from him")?;

    writeln!(out, "ann says that she does not notice")?;
    writeln!(out, "ann hears {}", ask(&ann, "i do not notice")?)?;

    writeln!(out, "bob reads at last")?;
    io::copy(&mut (&bob).take(sent), &mut io::sink())?;
    writeln!(out, "bob has got back every byte")?;

    writeln!(out, "ann ends her side and still hears the other")?;
    ann.shutdown(Shutdown::Write)?;
    (&ann).read_to_end(&mut Vec::new())?;
    writeln!(out, "ann hears the end")?;
    bob.shutdown(Shutdown::Write)?;
    (&bob).read_to_end(&mut Vec::new())?;

    writeln!(out, "cat connects and vanishes without a goodbye")?;
    let cat = tcp::Connect::new().to(server)?;
    ask(&cat, "hi")?;
    tcp::reset_on_close(&cat)?;
    Ok(())
}

fn ask(mut server: &TcpStream, question: &str) -> io::Result<String> {
    server.write_all(question.as_bytes())?;
    let mut answer = vec![0; question.len()];
    server.read_exact(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends until nobody has taken a byte for a while: every buffer between here and there is full.
fn fill(mut stream: &TcpStream) -> io::Result<u64> {
    stream.set_nonblocking(true)?;
    let mut sent = 0;
    loop {
        match stream.write(&[b'.'; 4096]) {
            Ok(n) => sent += n as u64,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLOUT)];
                if poll(&mut fds, PollTimeout::from(200_u8))? == 0 {
                    stream.set_nonblocking(false)?;
                    return Ok(sent);
                }
            }
            Err(error) => return Err(error),
        }
    }
}
