//! expect: what talk() wrote to its output
//! expect: got:    "he
//! expect: not when a read is

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

pub fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept()?;
        let _ = converse(&client);
    }
}

fn converse(mut client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 && !is_farewell(&line) {
        client.write_all(&line)?;
        line.clear();
    }
    Ok(())
}

pub fn talk(
    mut server: TcpStream,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut buffer = [0; 1024];
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        server.write_all(&line)?;
        if is_farewell(&line) {
            break;
        }
        let n = server.read(&mut buffer)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        output.write_all(&buffer[..n])?;
        line.clear();
    }
    Ok(())
}

fn is_farewell(line: &[u8]) -> bool {
    matches!(line, b"##\n" | b"##\r\n")
}
