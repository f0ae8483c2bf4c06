//! The whole lesson: the server in this thread, its client and its remote control in another,
//! one step after the other.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

use cli::Outcome;
use sockets::tcp;

use crate::remote::Remote;
use crate::{listen, server};

pub(crate) fn run() -> Outcome {
    let listener = listen("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (mut server, remote) = server::Server::new(listener)?;
    let client = thread::spawn(move || client(address, &remote));
    server.serve()?;
    client.join().map_err(|_| "the client panicked")??;
    Ok(())
}

fn client(server: SocketAddr, remote: &Remote) -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "ann connects and says hello")?;
    let ann = tcp::Connect::new().to(server)?;
    writeln!(out, "ann hears {}", ask(&ann, "hello")?)?;

    // The server sleeps in epoll_wait and hears nothing of the channel: the Waker tells it.
    writeln!(out, "another thread asks who is there")?;
    remote.say("who")?;
    let answer = ask(&ann, &".".repeat(10_000))?;
    writeln!(out, "ann sends 10000 bytes and gets back {}", answer.len())?;

    writeln!(out, "ann ends her side")?;
    ann.shutdown(Shutdown::Write)?;
    (&ann).read_to_end(&mut Vec::new())?;
    writeln!(out, "ann hears the end")?;

    writeln!(out, "another thread says quit")?;
    remote.say("quit")?;
    Ok(())
}

fn ask(mut server: &TcpStream, question: &str) -> io::Result<String> {
    server.write_all(question.as_bytes())?;
    let mut answer = vec![0; question.len()];
    server.read_exact(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
