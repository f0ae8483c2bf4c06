//! A handler that ends its own server.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use cli::Outcome;
use process::Deadline;
use server::classes::TcpServer;
use server::{Connection, Stopper, Tcp};
use threads::Event;

pub(crate) fn run() -> Outcome {
    writeln!(io::stdout(), "a handler ends the server that runs it, in the same thread:")?;
    let transport = Tcp::bind(([127, 0, 0, 1], 0).into())?;
    let at = transport.address()?;
    let (stopper, ended) = (Stopper::new()?, Arc::new(Event::new()));
    let handler = {
        let (stopper, ended) = (stopper.clone(), Arc::clone(&ended));
        move |client: &Connection<TcpStream>| {
            let (mut from, mut to) = (client, client);
            from.read_exact(&mut [0; 4])?;
            write!(to, "{}", stop(&stopper, &ended)?)
        }
    };
    let mut client = process::fork(move || i32::from(client(at).is_err()))?;
    let served = TcpServer::of(transport, handler)?.stopped_by(&stopper).serve();
    // What CPython's `shutdown` waits for: the loop has ended.
    ended.set();
    let served = served?;
    client.join(Deadline::Never)?;
    writeln!(io::stdout(), "  serving has ended: {} client, {} done", served.clients, served.done)?;
    Ok(())
}

/// Says that serving shall end, and waits for nothing: it ends when this handler has returned.
fn stop(stopper: &Stopper, ended: &Event) -> io::Result<String> {
    stopper.stop()?;
    Ok(format!("stop was called; serving has ended: {}", ended.is_set()))
}

fn client(at: SocketAddr) -> Outcome {
    let mut server = TcpStream::connect(at)?;
    server.write_all(b"stop")?;
    writeln!(io::stdout(), "  the handler says: {}", io::read_to_string(server)?)?;
    Ok(())
}
