//! expect: the body for /100%2525.txt
//! expect: decoded once

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sockets::tcp::concerns_one_connection;

pub fn serve(listener: TcpListener, folder: &Path, settings: Settings) -> io::Result<()> {
    let root = folder.canonicalize()?;
    thread::scope(|scope| {
        let work = || accept_and_serve(&listener, &root, settings.patience);
        let workers: Vec<_> = (0..settings.at_once).map(|_| scope.spawn(work)).collect();
        let result = |worker: thread::ScopedJoinHandle<'_, io::Result<()>>| {
            worker.join().unwrap_or_else(|_| Err(io::Error::other("a worker has panicked")))
        };
        workers.into_iter().try_for_each(result)
    })
}

fn accept_and_serve(listener: &TcpListener, root: &Path, patience: Duration) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, _)) => {
                let _ = converse(&client, root, patience);
            }
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

fn converse(client: &TcpStream, root: &Path, patience: Duration) -> io::Result<()> {
    client.set_read_timeout(Some(patience))?;
    client.set_write_timeout(Some(patience))?;
    client.set_nodelay(true)?;
    let mut came = Vec::new();
    loop {
        let (request, used) = match head(&came) {
            Ok(Some((request, _))) if request.length > BODY => return refuse(client, 413),
            Ok(Some(found)) => found,
            Ok(None) if receive(client, &mut came)? == 0 => return Ok(()),
            Ok(None) => continue,
            Err(code) => return refuse(client, code),
        };
        while came.len() < used + request.length {
            if receive(client, &mut came)? == 0 {
                return Ok(());
            }
        }
        came.drain(..used + request.length);
        answer(client, &request, root)?;
        if !request.stays {
            return end(client);
        }
    }
}

fn receive(mut client: &TcpStream, came: &mut Vec<u8>) -> io::Result<usize> {
    let mut bytes = [0; 4096];
    loop {
        match client.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(n) => {
                came.extend_from_slice(&bytes[..n]);
                return Ok(n);
            }
        }
    }
}

fn answer(client: &TcpStream, request: &Request, root: &Path) -> io::Result<()> {
    let found = match request.method.as_str() {
        "GET" | "HEAD" => open(root, &request.target),
        _ => Err(405),
    };
    let with_body = request.method != "HEAD";
    match found {
        Ok(file) => {
            let length = file.metadata()?.len();
            let page =
                Page { code: 200, kind: kind(&request.target), length, stays: request.stays };
            send(client, page, file, with_body)
        }
        Err(code) => say(client, code, request.stays, with_body),
    }
}

struct Page {
    code: u16,
    kind: &'static str,
    length: u64,
    stays: bool,
}

fn send(mut client: &TcpStream, page: Page, body: impl Read, with_body: bool) -> io::Result<()> {
    let Page { code, kind, length, stays } = page;
    let allow = if code == 405 { "Allow: GET, HEAD\r\n" } else { "" };
    let close = if stays { "" } else { "Connection: close\r\n" };
    let text = text(code);
    client.write_all(
        format!(
            "HTTP/1.1 {code} {text}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             {allow}{close}\r\n"
        )
        .as_bytes(),
    )?;
    if with_body && io::copy(&mut body.take(length), &mut client)? < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn say(client: &TcpStream, code: u16, stays: bool, with_body: bool) -> io::Result<()> {
    let body = text(code).as_bytes();
    let page = Page { code, kind: "text/plain", length: body.len() as u64, stays };
    send(client, page, body, with_body)
}

fn refuse(client: &TcpStream, code: u16) -> io::Result<()> {
    say(client, code, false, true)?;
    end(client)
}

fn end(client: &TcpStream) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    io::copy(&mut client.take(1 << 20), &mut io::sink()).map(drop)
}

fn open(root: &Path, target: &str) -> Result<File, u16> {
    let path = root.join(path(target)?).canonicalize().map_err(|_| 404_u16)?;
    if !path.starts_with(root) || !path.is_file() {
        return Err(404);
    }
    File::open(path).map_err(|_| 404)
}

fn path(target: &str) -> Result<PathBuf, u16> {
    let path = target.split('?').next().unwrap_or_default();
    let path = path.strip_prefix('/').ok_or(400_u16)?;
    if path.is_empty() {
        return Ok("index.html".into());
    }
    let mut found = PathBuf::new();
    for part in path.split('/') {
        let mut part = decoded(part).ok_or(400_u16)?;
        while let Some(more) = std::str::from_utf8(&part).ok().and_then(decoded) {
            if more == part {
                break;
            }
            part = more;
        }
        if part.is_empty()
            || part.starts_with(b".")
            || part.iter().any(|byte| b"/\0".contains(byte))
        {
            return Err(404);
        }
        found.push(OsStr::from_bytes(&part));
    }
    Ok(found)
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    let mut bytes = part.bytes();
    let mut found = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        found.push(match byte {
            b'%' => u8::try_from(digit()? * 16 + digit()?).ok()?,
            other => other,
        });
    }
    Some(found)
}

fn kind(target: &str) -> &'static str {
    let path = target.split('?').next().unwrap_or_default();
    match path.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "txt")) => "text/plain; charset=utf-8",
        _ if path == "/" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

pub const HEAD: usize = 8192;
pub const BODY: usize = 65_536;

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub at_once: usize,
    pub patience: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub stays: bool,
    pub length: usize,
}

pub fn head(came: &[u8]) -> Result<Option<(Request, usize)>, u16> {
    let end = came.windows(4).position(|four| four == b"\r\n\r\n");
    if end.map_or(came.len(), |end| end + 4) > HEAD {
        return Err(431);
    }
    let Some(end) = end else { return Ok(None) };
    let head = std::str::from_utf8(&came[..end]).map_err(|_| 400_u16)?;
    let mut lines = head.split("\r\n");
    let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let &[method, target, version @ ("HTTP/1.0" | "HTTP/1.1")] = words.as_slice() else {
        return Err(400);
    };
    let (mut hosts, mut lengths, mut stays) = (0, Vec::new(), version == "HTTP/1.1");
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(400_u16)?;
        let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
        if name.is_empty() || name.contains([' ', '\t']) || line.bytes().any(is_control) {
            return Err(400);
        }
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("host", _) => hosts += 1,
            ("connection", how) => stays &= !how.eq_ignore_ascii_case("close"),
            ("content-length", digits) => lengths.push(digits),
            ("transfer-encoding", _) => return Err(501),
            _ => {}
        }
    }
    let is_good =
        lengths.iter().all(|one| !one.is_empty() && one.bytes().all(|c| c.is_ascii_digit()));
    if method.is_empty() || !target.starts_with('/') || !is_good || lengths.len() > 1 || hosts > 1 {
        return Err(400);
    }
    if hosts == 0 && version == "HTTP/1.1" {
        return Err(400);
    }
    let length = lengths.first().map_or(Ok(0), |digits| digits.parse()).map_err(|_| 413_u16)?;
    Ok(Some((Request { method: method.into(), target: target.into(), stays, length }, end + 4)))
}

pub fn text(code: u16) -> &'static str {
    match code {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        _ => "",
    }
}
