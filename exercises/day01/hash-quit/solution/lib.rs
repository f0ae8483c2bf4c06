//! A conversation line by line, and its farewell: `##`.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// Serves one client after the other: sends every line back, until the client says farewell or is
/// gone. Returns when no more clients can be accepted.
pub fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            // How a conversation ends, with a farewell, without one, by a reset, is this client's
            // affair, and no reason to leave the loop. The client is dropped here, hence closed.
            Ok((client, _)) => drop(converse(&client)),
            // It had gone again before its turn.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

fn converse(mut client: &TcpStream) -> io::Result<()> {
    // One send of the client is not one read here. A line ends at its newline and nowhere else, so
    // lines are cut out of the stream first, and then compared. The reader lives as long as the
    // conversation: what it has read beyond this line is the beginning of the next one.
    let mut lines = BufReader::new(client);
    let mut line = Vec::new();
    // Bytes, not a String: nobody has promised UTF-8. There is no limit to the length of a line
    // here, so a client decides how much memory it costs; day 2 sets one.
    while lines.read_until(b'\n', &mut line)? > 0 && !is_farewell(&line) {
        // write_all, because send(2) may take a part only, and says how much.
        client.write_all(&line)?;
        line.clear();
    }
    Ok(())
}

/// Sends the lines of `input` one by one, and writes the answer to each to `output`, until the
/// farewell is sent or `input` ends.
pub fn talk(
    mut server: TcpStream,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut answers = BufReader::new(server.try_clone()?);
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        // Without its newline a line is not over, and both sides would wait for each other.
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        server.write_all(&line)?;
        if is_farewell(&line) {
            break;
        }
        // The answer is over at its newline, not when a read is.
        answers.read_until(b'\n', &mut answer)?;
        if !answer.ends_with(b"\n") {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        output.write_all(&answer)?;
        // Somebody reads this before he types the next line.
        output.flush()?;
        line.clear();
        answer.clear();
    }
    Ok(())
}

/// The line itself, and nothing that contains it.
fn is_farewell(line: &[u8]) -> bool {
    matches!(line, b"##\n" | b"##\r\n")
}
