//! The same server and the same client with std: fewer steps, the same calls underneath.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use cli::Outcome;
use sockets::tcp;
use syscall::Context as _;

use crate::lines::{Lines, shown};

/// bind does socket, SO_REUSEADDR, bind and listen in one: there is no socket without a name, and
/// the length of the queue is chosen for us.
pub(crate) fn listen(address: SocketAddr) -> Outcome<TcpListener> {
    Ok(TcpListener::bind(address).call_on("bind", address)?)
}

/// As in server.rs. `accept` repeats EINTR by itself.
pub(crate) fn serve(listener: &TcpListener, visitors: Option<usize>) -> Outcome {
    let (mut served, mut crowded) = (0, false);
    while visitors != Some(served) {
        let (client, address) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(error) if tcp::concerns_one_connection(&error) => continue,
            Err(error) if tcp::is_out_of_resources(&error) => {
                if !std::mem::replace(&mut crowded, true) {
                    writeln!(io::stderr(), "new clients have to wait: {error}")?;
                }
                std::thread::sleep(std::time::Duration::from_millis(100));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        crowded = false;
        writeln!(io::stdout(), "  server: accept gave a client at {address}")?;
        let end = talk(&client)?;
        writeln!(io::stdout(), "  server: {end}")?;
        served += 1;
        // The client's owner ends here, and with it the connection, by whatever way it is left.
    }
    Ok(())
}

/// Errors of the connection end this conversation; only those of our own output go further.
fn talk(mut client: &TcpStream) -> Outcome<String> {
    let mut lines = Lines::default();
    let mut bytes = [0; 4096];
    loop {
        let n = match client.read(&mut bytes) {
            Ok(0) => return Ok("the client has ended without ##".into()),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Ok(format!("read failed: {error}")),
        };
        writeln!(io::stdout(), "  server: read gave {n} bytes: {}", shown(&bytes[..n]))?;
        lines.push(&bytes[..n]);
        loop {
            match lines.next() {
                Ok(Some(line)) if line == b"##" => return Ok("## came".into()),
                Ok(Some(line)) => {
                    // write_all is the loop around send, ready made.
                    if let Err(error) = client.write_all(&[&line, &b"\n"[..]].concat()) {
                        return Ok(format!("write failed: {error}"));
                    }
                }
                Ok(None) => break,
                Err(error) => return Ok(error.to_string()),
            }
        }
    }
}

/// std tries all addresses by itself. A client reads lines as a file is read.
pub(crate) fn client(servers: &[SocketAddr]) -> Outcome {
    let stream = TcpStream::connect(servers).call("connect")?;
    let mut answers = io::BufReader::new(&stream);
    let (mut out, mut input) = (io::stdout(), io::stdin().lock());
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        (&stream).write_all(&line)?;
        answer.clear();
        // What the server may make us keep has a limit, too.
        let limit = line.len() as u64;
        if answers.by_ref().take(limit).read_until(b'\n', &mut answer)? == 0 {
            let farewell = line.starts_with(b"##") && line.trim_ascii_end() == b"##";
            return if farewell {
                Ok(())
            } else {
                Err("the server has closed the connection".into())
            };
        }
        out.write_all(&answer)?;
        out.flush()?;
        line.clear();
    }
    Ok(())
}
