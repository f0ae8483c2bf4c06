//! The whole lesson: the server in another thread, its clients in this one.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use cli::Outcome;
use sockets::tcp;

use crate::client::{Client, shown};
use crate::{listen, request, server};

pub(crate) fn run() -> Outcome {
    let listener = listen("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (teller, told) = channel();
    let server = thread::spawn(move || {
        let mut tell = |line: &str| teller.send(line.to_owned()).map_err(io::Error::other);
        server::serve(&listener, Some(2 + CASES), &mut tell)
    });
    one_connection(address)?;
    two_pieces(address, &told)?;
    refusals(address)?;
    server.join().map_err(|_| "the server panicked")?
}

/// Text, with `\r\n` at the end of each line: that is all there is to it.
fn one_connection(address: SocketAddr) -> Outcome {
    let mut out = io::stdout();
    let mut client = Client::new(tcp::Connect::new().to(address)?);

    let question = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";
    write!(out, "a request: a line, header fields, an empty line\n{}", shown(">", question))?;
    if let Ok(Some((request, length))) = request::parse(question) {
        let request::Request { method, target, version, fields } = request;
        let fields = fields.len();
        writeln!(out, "parsed: {method}, {target}, {version}, {fields} fields, {length} bytes")?;
    }
    client.stream.write_all(question)?;
    let (head, body) = client.response(false)?;
    writeln!(out, "the response: a line, header fields, an empty line, the body")?;
    write!(out, "{}{}", shown("<", head.as_bytes()), shown("<", &body))?;
    let text = String::from_utf8(body)?;
    writeln!(out, "the body has {} characters and {} bytes", text.chars().count(), text.len())?;

    // Still the same connection. The server has forgotten us: it is told everything again.
    client.stream.write_all(b"HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let (head, _) = client.response(true)?;
    write!(out, "HEAD on the same connection: the same head\n{}", shown("<", head.as_bytes()))?;

    // Two requests in one write. Their ends are found by the empty line, so there are two answers,
    // and the second question asks for the end of the connection.
    let two = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n\
                GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    client.stream.write_all(two)?;
    writeln!(out, "two requests in one write of {} bytes", two.len())?;
    for _ in 0..2 {
        let (head, body) = client.response(false)?;
        writeln!(out, "  < {} and {} bytes", head.lines().next().unwrap_or_default(), body.len())?;
    }
    writeln!(out, "after Connection: close, {} more bytes and the end", client.rest()?.len())?;
    Ok(())
}

/// The second piece is sent when the server says that it has seen the first.
fn two_pieces(address: SocketAddr, told: &Receiver<String>) -> Outcome {
    let mut out = io::stdout();
    while told.try_recv().is_ok() {}
    let mut client = Client::new(tcp::Connect::new().to(address)?);
    writeln!(out, "one request in two pieces")?;
    for piece in ["GET /hello HT", "TP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"] {
        client.stream.write_all(piece.as_bytes())?;
        writeln!(out, "  sent {} bytes; the server says: {}", piece.len(), told.recv()?)?;
    }
    let (head, _) = client.response(false)?;
    writeln!(out, "  < {}", head.lines().next().unwrap_or_default())?;
    Ok(())
}

const CASES: usize = 8;

fn refusals(address: SocketAddr) -> Outcome {
    let mut out = io::stdout();
    let host = "Host: localhost\r\n";
    let long = "a".repeat(request::LINE);
    let cases: [(&str, String); CASES] = [
        ("no such page", format!("GET /nowhere HTTP/1.1\r\n{host}\r\n")),
        ("a method that no page has", format!("DELETE /hello HTTP/1.1\r\n{host}\r\n")),
        ("a method that nobody knows", format!("BREW /hello HTTP/1.1\r\n{host}\r\n")),
        ("HTTP/1.1 without a Host", "GET /hello HTTP/1.1\r\n\r\n".into()),
        ("lines without \\r", format!("GET /hello HTTP/1.1\n{}\n", host.replace('\r', ""))),
        ("half a request, and the end", "GET /hello HT".into()),
        ("a line that does not end", format!("GET /{long}")),
        ("a head that does not end", format!("GET /hello HTTP/1.1\r\n{}", host.repeat(600))),
    ];
    writeln!(out, "what the server refuses")?;
    for (what, question) in cases {
        let mut client = Client::new(tcp::Connect::new().to(address)?);
        client.stream.write_all(question.as_bytes())?;
        client.stream.shutdown(std::net::Shutdown::Write)?;
        let (head, _) = client.response(false)?;
        let allow = head.lines().find(|line| line.starts_with("Allow")).unwrap_or_default();
        let line = head.lines().next().unwrap_or_default();
        writeln!(out, "{}", format!("  {what:<28} {line}  {allow}").trim_end())?;
    }
    Ok(())
}
