//! The whole lesson: the server in this thread, in another one two clients and a pipe that plays
//! the terminal, one step after the other.

use std::io::{self, PipeWriter, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::thread;

use cli::Outcome;
use sockets::tcp;

use crate::source::Source;
use crate::{listen, open, server};

pub(crate) fn run() -> Outcome {
    let path = Scratch::new();
    let log = open(&path.0)?;
    let listener = listen("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut out = io::stdout();
    writeln!(out, "ann sends two lines and a half in one go")?;
    writeln!(out, "bob sends a line and ends")?;
    writeln!(out, "somebody types a line at the terminal, and then the input ends")?;
    writeln!(out, "ann sends the other half, without a newline, and ends")?;
    let (reader, keyboard) = io::pipe()?;
    let terminal = Source::new("terminal", reader);
    let others = thread::spawn(move || others(address, keyboard));
    server::serve(&listener, vec![terminal], log, Some(3))?;
    others.join().map_err(|_| "the clients panicked")??;
    write!(out, "the file now holds:\n{}", std::fs::read_to_string(&path.0)?)?;
    Ok(())
}

/// Says nothing by itself: what happens is seen where it happens, in the server.
fn others(server: SocketAddr, mut keyboard: PipeWriter) -> Outcome {
    // Both are known before the first line is sent: a server that has just let ann in takes
    // whoever waits behind her, before it looks at what she says.
    let ann = connect(server)?;
    let bob = connect(server)?;
    (&ann).write_all("hello\n你好\nhalf of".as_bytes())?;

    (&bob).write_all(b"bye\n")?;
    end(&bob)?;

    keyboard.write_all(b"typed here\n")?;
    drop(keyboard);

    (&ann).write_all(b" a line")?;
    end(&ann)?;
    Ok(())
}

/// Connects and waits for the greeting: from then on the server knows us.
fn connect(server: SocketAddr) -> Outcome<TcpStream> {
    let stream = tcp::Connect::new().to(server)?;
    (&stream).read_exact(&mut [0; 14])?;
    Ok(stream)
}

/// Ends our side and waits for the end of the other: everything has been read.
fn end(mut stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

/// A file of this run alone, removed at the end, also after an error.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("day03-select-{}.log", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may never have been made; there is nobody to tell.
        let _ = std::fs::remove_file(&self.0);
    }
}
