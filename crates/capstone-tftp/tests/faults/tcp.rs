//! The course's protocol, in all models.

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::thread;

use capstone_tftp::client::tcp::{Client, Error, Have};
use capstone_tftp::server::tcp::Model;
use capstone_tftp::wire::Code;
use testkit::faults::{Act, Fault, survives};

use super::{SOCKET, content, fails, program};

const CLIENTS: usize = 6;

/// One of everything.
fn talk(at: SocketAddr, number: usize, file: &[u8]) -> Result<(), Error> {
    let on = &mut |_| ControlFlow::Continue(());
    let mut client = Client::connect(&[at], testkit::LIMIT)?;
    let found = client.look(b"file")?;
    for checksum in [false, true] {
        let mut got = file[..1000].to_vec();
        let have = Have::of(&got[..], found.version).unwrap();
        client.get(b"file", have, checksum, &mut got, on)?;
        assert!(got == file, "another file");
    }
    let (name, own) = (format!("put{number}"), &file[..2000 + number]);
    client.put(name.as_bytes(), own.len() as u64, &mut &*own, on)?;
    let again = client.put(name.as_bytes(), 1, &mut &b"x"[..], on);
    assert!(matches!(again, Err(Error::Refused { code: Code::Exists, .. })), "{again:?}");
    let mut got = Vec::new();
    client.get(name.as_bytes(), Have::default(), true, &mut got, on)?;
    assert!(got == own, "another upload");
    let listed = client.list()?;
    assert!(listed.iter().any(|file| file.name == name.as_bytes()));
    client.quit()
}

fn play(at: SocketAddr, file: &[u8]) -> Result<u32, String> {
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..CLIENTS).map(|number| scope.spawn(move || talk(at, number, file))).collect();
        all.into_iter().try_for_each(|one| {
            one.join().map_err(|_| "a client has other bytes")?.map_err(|error| error.to_string())
        })
    })?;
    Ok(0)
}

/// In each model, with a file of so many bytes.
fn survive(size: usize, faults: impl Fn() -> Vec<Fault>, models: &[Model]) {
    let file = content(size);
    for model in models {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), &file).unwrap();
        let server = program(model.name());
        let folder = folder.path().to_str().unwrap();
        let args = ["serve", folder, "--tcp", "127.0.0.1:0", "--model", model.name()];
        survives(&server, &args, faults(), |at| play(at, &file));
    }
}

fn short(call: &'static str, length: u64) -> Fault {
    Fault::on(&[call], Act::Short(length)).fd(SOCKET).every(1)
}

#[test]
fn interrupted_waits() {
    survive(300_000, || vec![fails("@wait", libc::EINTR).every(2)], &Model::ALL);
}

#[test]
fn short_reads() {
    survive(3000, || vec![short("@read", 1)], &Model::ALL);
    survive(3000, || vec![short("@read", 7)], &Model::ALL);
}

#[test]
fn short_writes() {
    survive(3000, || vec![short("@write", 1)], &Model::ALL);
    survive(30_000, || vec![short("@write", 7)], &Model::ALL);
}

#[test]
fn short_sendfiles() {
    survive(3000, || vec![short("sendfile", 1)], &Model::ALL);
    survive(300_000, || vec![short("sendfile", 777)], &Model::ALL);
}

#[test]
fn sendfiles_without_room() {
    survive(3_000_000, || vec![fails("sendfile", libc::EAGAIN).every(2)], &Model::ALL);
}

#[test]
fn reads_that_find_nothing() {
    survive(3000, || vec![fails("@read", libc::EAGAIN).fd(SOCKET).every(2)], &Model::ALL);
}

#[test]
fn writes_without_room() {
    survive(300_000, || vec![fails("@write", libc::EAGAIN).fd(SOCKET).every(2)], &Model::ALL);
}

#[test]
fn no_descriptor_left() {
    survive(3000, || vec![fails("@accept", libc::EMFILE).every(2).times(4)], &Model::ALL);
}

#[test]
fn aborted_connections() {
    survive(3000, || vec![fails("@accept", libc::ECONNABORTED).every(2)], &Model::ALL);
}

#[test]
fn accepts_that_find_nothing() {
    survive(3000, || vec![fails("@accept", libc::EAGAIN).every(2)], &Model::ALL);
}

#[test]
fn all_at_once() {
    let faults = || {
        vec![
            fails("@wait", libc::EINTR).every(3),
            fails("@accept", libc::ECONNABORTED).every(5),
            fails("@accept", libc::EMFILE).nth(2).times(1),
            fails("@read", libc::EAGAIN).fd(SOCKET).every(3),
            fails("@write", libc::EAGAIN).fd(SOCKET).every(3),
            fails("sendfile", libc::EAGAIN).every(3),
            short("sendfile", 77),
            short("@read", 7),
            short("@write", 777),
        ]
    };
    survive(30_000, faults, &Model::ALL);
}
