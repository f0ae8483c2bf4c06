//! The whole lesson: when epoll reports, then the server by level and by edge, its client in
//! another thread, one step after the other.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use cli::Outcome;
use sockets::tcp;

use crate::{edge, listen, server, triggers};

pub(crate) fn run() -> Outcome {
    let listener = listen("127.0.0.1:0")?;
    triggers::compare()?;
    triggers::stale_dup()?;
    triggers::refused()?;
    for (name, serve) in [("level", server::serve as Serve), ("edge", edge::serve)] {
        writeln!(io::stdout(), "the server by {name}")?;
        let address = listener.local_addr()?;
        let client = thread::spawn(move || client(address));
        serve(&listener, Some(1))?;
        client.join().map_err(|_| "the client panicked")??;
    }
    Ok(())
}

type Serve = fn(&TcpListener, Option<usize>) -> Outcome;

fn client(server: SocketAddr) -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "ann connects and says hello")?;
    let ann = tcp::Connect::new().to(server)?;
    writeln!(out, "ann hears {}", ask(&ann, "hello")?)?;
    // More than one read of the server: by edge it is told of this only once.
    writeln!(out, "ann sends 10000 bytes")?;
    writeln!(out, "ann gets back {} bytes", ask(&ann, &".".repeat(10_000))?.len())?;
    writeln!(out, "ann ends her side")?;
    ann.shutdown(Shutdown::Write)?;
    (&ann).read_to_end(&mut Vec::new())?;
    writeln!(out, "ann hears the end")?;
    Ok(())
}

fn ask(mut server: &TcpStream, question: &str) -> io::Result<String> {
    server.write_all(question.as_bytes())?;
    let mut answer = vec![0; question.len()];
    server.read_exact(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
