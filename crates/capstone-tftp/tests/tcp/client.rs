//! The client's library, against all servers.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::time::Duration;

use capstone_tftp::client::tcp::{Client, Error, Have};
use capstone_tftp::server::tcp::Model;
use capstone_tftp::wire::Code;

use crate::peer::content;
use crate::start::{Running, Wish, start, start_with};

fn client(server: &Running) -> Client {
    Client::connect(&[server.at], testkit::LIMIT).unwrap()
}

fn on(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(crate) fn lists_gets_and_puts(model: Model) {
    let server = start(model);
    let mut client = client(&server);
    assert_eq!(client.list().unwrap(), []);
    for size in [0, 1, 3_000_000] {
        let (file, name) = (content(size), size.to_string());
        let mut told = Vec::new();
        let mut tell = |done| {
            told.push(done);
            ControlFlow::Continue(())
        };
        client.put(name.as_bytes(), size as u64, &mut &file[..], &mut tell).unwrap();
        assert_eq!(told.last().copied(), (size > 0).then_some(size as u64));
        assert!(told.is_sorted());
        for checksum in [false, true] {
            let mut got = Vec::new();
            let have = Have::default();
            let found = client.get(name.as_bytes(), have, checksum, &mut got, &mut on).unwrap();
            assert!(got == file);
            assert_eq!(found, client.look(name.as_bytes()).unwrap());
        }
    }
    let names: Vec<_> = client.list().unwrap().into_iter().map(|it| (it.name, it.size)).collect();
    assert_eq!(names, [(b"0".into(), 0), (b"1".into(), 1), (b"3000000".into(), 3_000_000)]);
    client.quit().unwrap();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn resumes(model: Model) {
    let server = start(model);
    let file = content(3_000_000);
    server.write("a", &file);
    let mut got = Vec::new();
    let mut stop = |done| {
        if done > 1_000_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut first = client(&server);
    let found = first.look(b"a").unwrap();
    let stopped = first.get(b"a", Have::default(), true, &mut got, &mut stop).unwrap_err();
    assert!(matches!(stopped, Error::Stopped) && stopped.breaks());
    drop(first);
    assert!(got.len() > 1_000_000 && got.len() < file.len());
    let mut second = client(&server);
    let have = Have::of(&got[..], found.version).unwrap();
    assert_eq!(have.offset, got.len() as u64);
    second.get(b"a", have, true, &mut got, &mut on).unwrap();
    assert!(got == file);
    // A part that is not what it was, on our own disk.
    let mut wrong = file[..1_000_000].to_vec();
    wrong[5] ^= 1;
    let have = Have::of(&wrong[..], found.version).unwrap();
    let error = second.get(b"a", have, true, &mut wrong, &mut on).unwrap_err();
    assert!(matches!(error, Error::Checksum) && !error.breaks(), "{error}");
    // Another file.
    std::fs::remove_file(server.path().join("a")).unwrap();
    server.write("a", &file);
    let have = Have::of(&file[..10], found.version).unwrap();
    let error = second.get(b"a", have, true, &mut Vec::new(), &mut on).unwrap_err();
    assert!(matches!(error, Error::Refused { code: Code::Changed, .. }), "{error}");
    second.quit().unwrap();
    server.finish();
}

pub(crate) fn says_why_not(model: Model) {
    let server = start_with(model, Wish { file_size: Some(100_000), ..Wish::default() });
    server.write("a", b"x");
    let mut client = client(&server);
    let refused = |error: Error, wanted: Code| match error {
        Error::Refused { code, .. } => assert_eq!(code, wanted),
        error => panic!("{error}"),
    };
    refused(client.look(b"nothing").unwrap_err(), Code::NotFound);
    refused(client.put(b"a", 1, &mut &b"y"[..], &mut on).unwrap_err(), Code::Exists);
    assert!(matches!(client.look(&[b'x'; 5000]).unwrap_err(), Error::Name));
    assert_eq!(client.list().unwrap().len(), 1);
    // A small rest is sent nevertheless, and the connection goes on.
    let file = content(300_000);
    refused(client.put(b"b", 300_000, &mut &file[..], &mut on).unwrap_err(), Code::TooLarge);
    assert_eq!(client.list().unwrap().len(), 1);
    // An endless one is not.
    let error = client.put(b"b", 4 << 30, &mut std::io::repeat(7), &mut on).unwrap_err();
    assert!(matches!(error, Error::Cut { code: Code::TooLarge, .. }) && error.breaks(), "{error}");
    drop(client);
    let mut client = self::client(&server);
    let error = client.put(b"c", 5, &mut &b"four"[..], &mut on).unwrap_err();
    assert!(matches!(&error, Error::Local(e) if e.kind() == ErrorKind::UnexpectedEof), "{error}");
    drop(client);
    let mut client = self::client(&server);
    let error = client.put(b"c", 3, &mut &b"four"[..], &mut on).unwrap_err();
    assert!(matches!(&error, Error::Local(e) if e.kind() == ErrorKind::InvalidData), "{error}");
    drop(client);
    self::client(&server).quit().unwrap();
    assert_eq!(server.names(), ["a"]);
    server.finish();
}

pub(crate) fn gives_up_on_a_silent_server(_: Model) {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap();
    let mut client = Client::connect(&[at], Duration::from_millis(50)).unwrap();
    let error = client.list().unwrap_err();
    assert_eq!((error.to_string().as_str(), error.breaks()), ("the server is silent", true));
    drop(silent);
    let error = Client::connect(&[at], Duration::from_millis(50)).unwrap_err();
    assert!(matches!(error, Error::Network(_)), "{error}");
}
