//! The whole lesson: a directory, and three servers one after the other.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, mkfifo};
use process::Deadline;
use process::signals::{Masked, SignalFd};
use sockets::tcp;

use crate::client::{self, Client};
use crate::cookies;
use crate::server::{Settings, serve};

pub(crate) fn run() -> Outcome {
    let dir = tempfile::tempdir()?;
    fill(dir.path())?;
    cookies::show(dir.path())?;
    with_server(Settings { limit: 2, ..Settings::of(dir.path()) }, clients)?;
    let patience = Duration::from_millis(100);
    with_server(Settings { patience, ..Settings::of(dir.path()) }, silent)?;

    let many = tempfile::tempdir()?;
    for number in 0..170 {
        File::create(many.path().join(format!("{number:0>200}")))?;
    }
    with_server(Settings::of(many.path()), in_the_middle)
}

fn fill(dir: &Path) -> io::Result<()> {
    fs::write(dir.join("ten"), "0123456789")?;
    fs::write(dir.join("文件"), "")?;
    fs::write(dir.join("two\nlines"), "")?;
    fs::write(dir.join(OsStr::from_bytes(b"\xff")), "")?;
    fs::create_dir(dir.join("dir"))?;
    symlink("ten", dir.join("link-to-ten"))?;
    symlink("nowhere", dir.join("link-to-none"))?;
    mkfifo(&dir.join("fifo"), Mode::S_IRUSR)?;
    Ok(())
}

/// Runs a server in a thread and the clients in this one, then stops it as Ctrl-C would.
fn with_server(settings: Settings, clients: fn(SocketAddr, &Stop) -> Outcome) -> Outcome {
    let signals = SignalFd::new(Masked::block([Signal::SIGINT, Signal::SIGTERM])?)?;
    let listener = tcp::Listen::new().nonblocking(true).on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let (end, done) = thread::scope(|scope| {
        let stop = signals.as_fd();
        let server =
            thread::Builder::new().spawn_scoped(scope, move || serve(listener, settings, &stop));
        let done = clients(address, &|| Ok(kill(Pid::this(), Signal::SIGTERM)?));
        // Once more does no harm: a signal that is pending stays one signal.
        let stopped = kill(Pid::this(), Signal::SIGTERM);
        (server.map(thread::ScopedJoinHandle::join), done.and(stopped.map_err(Into::into)))
    });
    while signals.wait(Deadline::Now)?.is_some() {}
    let end = end?.map_err(|_| "the server panicked")??;
    done?;
    let after = tcp::Connect::new().to(address);
    let after = after.map_or_else(|error| error.errno().to_string(), |_| "accepted".into());
    let mut out = io::stdout();
    writeln!(out, "  {end}")?;
    writeln!(out, "  {} thread is left; a new connection: {after}", client::threads()?)?;
    Ok(())
}

type Stop = dyn Fn() -> Outcome;

fn clients(server: SocketAddr, stop: &Stop) -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "a server for 2 clients at once")?;
    let (mut ann, mut bob) = (Client::connect(server)?, Client::connect(server)?);
    writeln!(out, "  ann: list")?;
    for line in ann.ask("list", 5)? {
        writeln!(out, "    {line}")?;
    }
    for question in ["size ten", "size two\\nlines", "size link-to-ten", "size ../ten", "hello"] {
        writeln!(out, "  bob: {question}: {}", bob.ask(question, 1)?.concat())?;
    }
    writeln!(out, "  ann: who: {}", ann.ask("who", 1)?.concat())?;
    writeln!(out, "  bob: who: {}", bob.ask("who", 1)?.concat())?;

    let mut cat = Client::connect(server)?;
    cat.say("who")?;
    let waits = client::until_backlog(server, 1)?;
    writeln!(
        out,
        "  cat connects and asks: {waits} in the backlog, {} threads",
        client::threads()?
    )?;
    bob.say("quit")?;
    writeln!(out, "  bob: quit: {}", bob.end()?)?;
    drop(bob);
    writeln!(out, "  cat: who: {}", cat.hear(1)?.concat())?;
    stop()?;
    writeln!(out, "  SIGTERM: ann {}, cat {}", ann.end()?, cat.end()?)?;
    Ok(())
}

/// Says nothing, and so keeps a place from those who have a question.
fn silent(server: SocketAddr, _: &Stop) -> Outcome {
    let mut eve = Client::connect(server)?;
    writeln!(io::stdout(), "a server with 100 ms of patience: eve says nothing, {}", eve.end()?)?;
    drop(eve);
    // The main thread and the server's.
    client::until_threads(2)?;
    Ok(())
}

/// An answer of 34 kB, of which the buffers between here and there hold 28: the thread sleeps in the
/// middle of it. The rest is one call, so that TCP's clocks cannot make it three now and four then.
fn in_the_middle(server: SocketAddr, stop: &Stop) -> Outcome {
    let mut out = io::stdout();
    let (mut ann, mut bob) = (Client::with_small_buffers(server)?, Client::connect(server)?);
    bob.ask("who", 1)?;
    ann.say("list")?;
    writeln!(out, "a server is stopped: ann has got \"{}\" and no more", ann.hear(1)?.concat())?;
    stop()?;
    writeln!(out, "  bob, who was silent: {}", bob.end()?)?;
    writeln!(out, "  ann reads on: {} lines, {}", ann.hear(170)?.len(), ann.end()?)?;
    Ok(())
}
