//! expect: where it should have closed
//! expect: one read may give both lines
//! expect: knows nothing of lines

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

pub fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept()?;
        let _ = converse(&client);
    }
}

fn converse(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = client.read(&mut buffer)?;
        if n == 0 || is_farewell(&buffer[..n]) {
            return Ok(());
        }
        client.write_all(&buffer[..n])?;
    }
}

pub fn talk(
    mut server: TcpStream,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut answers = BufReader::new(server.try_clone()?);
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        server.write_all(&line)?;
        if is_farewell(&line) {
            break;
        }
        answers.read_until(b'\n', &mut answer)?;
        if !answer.ends_with(b"\n") {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        output.write_all(&answer)?;
        line.clear();
        answer.clear();
    }
    Ok(())
}

fn is_farewell(line: &[u8]) -> bool {
    matches!(line, b"##\n" | b"##\r\n")
}
