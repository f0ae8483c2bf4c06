//! expect: the client waited for "one\ntwo\nthree\n", and recv(2) gave "one\n"
//! expect: those behind the first are lines, too

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

pub fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept()?;
        let _ = converse(&client);
    }
}

fn converse(mut client: &TcpStream) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        if BufReader::new(client).read_until(b'\n', &mut line)? == 0 || is_farewell(&line) {
            return Ok(());
        }
        client.write_all(&line)?;
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
