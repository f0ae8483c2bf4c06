//! One too many: it waits in the backlog, and costs nothing there.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use cli::Outcome;
use process::Deadline;
use server::{Connection, Fork, Server, Stopper, Tcp};
use sockets::tcp;

pub(crate) fn run() -> Outcome {
    writeln!(io::stdout(), "two clients at once, a child for each:")?;
    // Here too the defaults are said aloud: Python's `request_queue_size` is 5, and its
    // `allow_reuse_address` is False, so that a server cannot be started again while connections
    // of the old one are in TIME_WAIT.
    let tcp = tcp::Listen::new().backlog(5).reuse_address(true);
    let server = Server::new(Tcp::listen(tcp, ([127, 0, 0, 1], 0).into())?, Fork, length)?;
    // Python's limit for children is 40 (`max_children`). Having so many it sleeps in waitpid(-1)
    // until one ends, deaf to its own stop, and may take the status of somebody else's child.
    // Here nobody is accepted for a while, and the loop goes on to listen to everything else.
    let server = server.at_once(2).time_for_each(Duration::from_secs(10));
    let (at, stopper) = (server.transport().address()?, server.stopper());
    let mut clients = process::fork(move || i32::from(clients(at, &stopper).is_err()))?;
    let served = server.serve()?;
    let exit = clients.join(Deadline::Never)?;
    let (all, done, failed) = (served.clients, served.done, served.failed);
    let peak = served.peak;
    writeln!(
        io::stdout(),
        "  {all} clients: {done} done, {failed} failed; at most {peak} at once"
    )?;
    if exit.is_some_and(process::Exit::success) { Ok(()) } else { Err("a client failed".into()) }
}

/// Answers each piece with its length. What it does not like is an error, which costs this client
/// and nobody else: the server counts it, and goes on.
fn length(client: &Connection<TcpStream>) -> io::Result<()> {
    let (mut from, mut to, mut bytes) = (client, client, [0; 64]);
    loop {
        match from.read(&mut bytes)? {
            0 => return Ok(()),
            n if bytes[..n].contains(&b'!') => return Err(io::ErrorKind::InvalidData.into()),
            n => write!(to, "{n}")?,
        }
    }
}

fn clients(at: SocketAddr, stopper: &Stopper) -> Outcome {
    let outcome = visit(at);
    stopper.stop()?;
    outcome
}

fn visit(at: SocketAddr) -> Outcome {
    let mut out = io::stdout();
    let (ann, bob) = (TcpStream::connect(at)?, TcpStream::connect(at)?);
    writeln!(out, "  ann hears {}, bob hears {}", ask(&ann, "hi")?, ask(&bob, "hello")?)?;

    // connect(2) succeeds without accept(2): the kernel keeps the connection in its queue.
    let cat = TcpStream::connect(at)?;
    (&cat).write_all(b"me too")?;
    cat.set_read_timeout(Some(Duration::from_millis(100)))?;
    let error = (&cat).read(&mut [0]).err().map(|error| error.kind());
    writeln!(out, "  cat is connected, has sent, and hears nothing: {error:?}")?;

    // The word that the handler does not like.
    let mut bob = bob;
    bob.write_all(b"!")?;
    writeln!(out, "  bob says what is not allowed and hears {:?}", io::read_to_string(&bob)?)?;
    drop(bob);

    cat.set_read_timeout(None)?;
    let mut answer = [0];
    (&cat).read_exact(&mut answer)?;
    writeln!(out, "  cat takes the free place and hears {}", char::from(answer[0]))?;
    Ok(())
}

fn ask(mut server: &TcpStream, text: &str) -> io::Result<char> {
    server.write_all(text.as_bytes())?;
    let mut answer = [0];
    server.read_exact(&mut answer)?;
    Ok(answer[0].into())
}
