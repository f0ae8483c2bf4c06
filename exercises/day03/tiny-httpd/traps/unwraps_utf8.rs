//! expect: FAILED   t4: what is no request
//! expect: Utf8Error

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use sockets::tcp::concerns_one_connection;

pub const HEAD: usize = 8192;

pub fn serve(listener: TcpListener, pages: &[(&str, &str)], patience: Duration) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, _)) => {
                let _ = converse(&client, pages, patience);
            }
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

fn converse(mut client: &TcpStream, pages: &[(&str, &str)], patience: Duration) -> io::Result<()> {
    client.set_read_timeout(Some(patience))?;
    client.set_write_timeout(Some(patience))?;
    let answer = match head(client)? {
        Some(head) => answer(&head, pages),
        None => response("431 Request Header Fields Too Large", "", ERROR, true),
    };
    client.write_all(&answer)?;
    client.shutdown(Shutdown::Write)?;
    io::copy(&mut client.take(1 << 20), &mut io::sink()).map(drop)
}

fn head(mut client: &TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut came = Vec::new();
    loop {
        match came.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(at) if at + 4 <= HEAD => {
                came.truncate(at);
                return Ok(Some(came));
            }
            None if came.len() < HEAD => {}
            _ => return Ok(None),
        }
        let mut bytes = [0; 1024];
        match client.read(&mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => came.extend_from_slice(&bytes[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

const ERROR: &str = "<h1>No such thing here</h1>\n";

fn answer(head: &[u8], pages: &[(&str, &str)]) -> Vec<u8> {
    let Some((method, path)) = question(head) else {
        return response("400 Bad Request", "", ERROR, true);
    };
    let with_body = method != "HEAD";
    if !["GET", "HEAD"].contains(&method) {
        return response("405 Method Not Allowed", "Allow: GET, HEAD\r\n", ERROR, with_body);
    }
    match pages.iter().find(|page| page.0 == path) {
        Some((_, page)) => response("200 OK", "", page, with_body),
        None => response("404 Not Found", "", ERROR, with_body),
    }
}

fn question(head: &[u8]) -> Option<(&str, &str)> {
    let line = head.split(|&byte| byte == b'\r').next()?;
    let line = std::str::from_utf8(line).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let &[method, target, "HTTP/1.0" | "HTTP/1.1"] = words.as_slice() else { return None };
    let path = target.split('?').next().filter(|path| path.starts_with('/'))?;
    Some((method, path)).filter(|_| !method.is_empty())
}

fn response(status: &str, more: &str, page: &str, with_body: bool) -> Vec<u8> {
    let length = page.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         {more}Connection: close\r\n\r\n"
    );
    let body = if with_body { page } else { "" };
    [head, body.into()].concat().into_bytes()
}
