//! The two roles. A request is everything until the end of the stream, and so is the answer.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;

use cli::Outcome;

use crate::bind::listen;

/// One client after the other. Ctrl-C leaves the file behind; the next start replaces it.
pub(crate) fn server(args: &[String]) -> Outcome {
    let path = Path::new(&args[0]);
    let listener = listen(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", path.display())?;
    loop {
        let (client, _) = match listener.accept() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            done => done?,
        };
        // An error of one client is the end of this client.
        match serve(&client) {
            Ok(bytes) => writeln!(out, "{bytes} bytes received and answered")?,
            Err(error) => writeln!(out, "a client was lost: {error}")?,
        }
    }
}

fn serve(mut client: &UnixStream) -> io::Result<u64> {
    let bytes = io::copy(&mut client, &mut io::sink())?;
    client.write_all(b"Receive\n")?;
    Ok(bytes)
}

pub(crate) fn client(args: &[String]) -> Outcome {
    let connected = UnixStream::connect(&args[0]);
    let mut server = connected.map_err(|error| format!("{}: {error}", args[0]))?;
    io::copy(&mut io::stdin(), &mut server)?;
    server.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    // The answer is the peer's, so it has a limit.
    server.take(1024).read_to_string(&mut answer)?;
    write!(io::stdout(), "{answer}")?;
    Ok(())
}
