//! What the client asks, and what it gets. Between any two of its steps it says nothing for a moment,
//! as clients do: then one can see who sleeps where. Nothing depends on how long that is.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use cli::Outcome;

/// A worker of a pool that finds nothing to do looks a few times more before it sleeps: even then.
const SILENCE: Duration = Duration::from_millis(200);

/// What it understands of an answer.
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) content: String,
}

/// Asks for one file, on a connection that would be good for more, and closes it.
pub(crate) fn ask(server: SocketAddr) -> Outcome<Answer> {
    sleep(SILENCE);
    let mut stream = TcpStream::connect(server)?;
    sleep(SILENCE);
    stream.write_all(b"GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let answer = hear(&mut BufReader::new(&stream))?;
    sleep(SILENCE);
    drop(stream);
    sleep(SILENCE);
    Ok(answer)
}

fn hear(from: &mut BufReader<&TcpStream>) -> Outcome<Answer> {
    let mut status = String::new();
    from.read_line(&mut status)?;
    let mut length = 0;
    for line in from.by_ref().lines() {
        match line?.split_once(": ") {
            // The empty line: what follows is the content.
            None => break,
            Some(("Content-Length", digits)) => length = digits.parse()?,
            Some(_) => {}
        }
    }
    // The connection stays open behind it, so the end has to be known.
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok(Answer { status: status.trim_end().into(), content: String::from_utf8(content)? })
}
