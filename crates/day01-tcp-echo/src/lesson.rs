//! The whole lesson: the server in this thread, its clients in another, one step after the other.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::thread;

use cli::Outcome;

use crate::client::Client;
use crate::lines::shown;
use crate::{queue, raw, server, with_std};

pub(crate) fn run() -> Outcome {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut out = io::stdout();

    let listener = server::listen(nowhere, 5)?;
    let address = listener.local_addr()?.as_socket().ok_or("no address of the internet")?;
    let fd = listener.as_raw_fd();
    writeln!(out, "step by step: fd {fd}, listening on {address}")?;
    let clients = thread::spawn(move || {
        ann(address)?;
        bob(address)?;
        cat(address)
    });
    server::serve(&listener, Some(3))?;
    clients.join().map_err(|_| "the clients panicked")??;

    let listener = with_std::listen(nowhere)?;
    let address = listener.local_addr()?;
    writeln!(out, "the same with std: listening on {address}")?;
    let clients = thread::spawn(move || {
        ann(address)?;
        bob(address)
    });
    with_std::serve(&listener, Some(2))?;
    clients.join().map_err(|_| "the clients panicked")??;

    queue::run()?;
    raw::run()
}

/// The mark arrives in two pieces.
fn ann(server: SocketAddr) -> Outcome {
    let mut ann = Client::connect(server)?;
    ask(&mut ann, "ann", "你好\n")?;
    // Text that contains the mark is text.
    ask(&mut ann, "ann", "a##b\n")?;
    // The answer says that the first # has been received, alone.
    ask(&mut ann, "ann", "half a mark follows\n#")?;
    ann.send(b"#\n")?;
    until_the_end(ann, "ann")
}

/// The mark arrives stuck to other text, which is answered first.
fn bob(server: SocketAddr) -> Outcome {
    let bob = Client::connect(server)?;
    bob.send(b"last words\n##\n")?;
    until_the_end(bob, "bob")
}

/// She leaves without the mark.
fn cat(server: SocketAddr) -> Outcome {
    let mut cat = Client::connect(server)?;
    ask(&mut cat, "cat", "hi\n")
}

fn ask(client: &mut Client, name: &str, text: &str) -> Outcome {
    client.send(text.as_bytes())?;
    let answer = client.line()?.ok_or("the server has ended")?;
    writeln!(io::stdout(), "{name} hears {}", shown(&answer))?;
    Ok(())
}

fn until_the_end(mut client: Client, name: &str) -> Outcome {
    let mut heard = Vec::new();
    while let Some(line) = client.line()? {
        heard.push(shown(&line));
    }
    heard.push("the end".into());
    writeln!(io::stdout(), "{name} has sent ## and hears {}", heard.join(", then "))?;
    Ok(())
}
