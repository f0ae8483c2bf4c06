//! Lists and files, and what is refused.

use std::os::unix::ffi::OsStrExt as _;

use capstone_tftp::server::tcp::Model;
use capstone_tftp::wire::{Answer, Code, Request};
use nix::sys::stat::Mode;

use crate::peer::{Peer, content, get};
use crate::start::start;

fn list(peer: &mut Peer) -> Vec<(Vec<u8>, u64)> {
    peer.says(&Request::List.to_bytes());
    let frame = peer.frame();
    let Ok(Answer::List { count }) = Answer::parse(&frame) else { panic!("{frame:?}") };
    let row = |_| {
        let frame = peer.frame();
        let Ok(Answer::File { size, modified, name }) = Answer::parse(&frame) else {
            panic!("{frame:?}");
        };
        assert!(modified > 1_600_000_000, "{modified} is long ago");
        (name.to_vec(), size)
    };
    (0..count).map(row).collect()
}

pub(crate) fn a_list_shows_ordinary_files_only(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    assert_eq!(list(&mut peer), []);
    let strange = std::ffi::OsStr::from_bytes(b"\xff\x1b[2J");
    std::fs::write(server.path().join(strange), "12").unwrap();
    server.write("two\nlines", b"1");
    server.write(".hidden", b"");
    server.write("empty", b"");
    std::fs::create_dir(server.path().join("folder")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", server.path().join("link")).unwrap();
    nix::unistd::mkfifo(&server.path().join("fifo"), Mode::S_IRUSR).unwrap();
    let names: [(&[u8], u64); 3] = [(b"empty", 0), (b"two\nlines", 1), (b"\xff\x1b[2J", 2)];
    assert_eq!(list(&mut peer), names.map(|(name, size)| (name.to_vec(), size)));
    peer.quits();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn a_long_list_comes_whole(model: Model) {
    let server = start(model);
    let names: Vec<String> = (0..1100).map(|n| format!("{n:0100}")).collect();
    for name in &names {
        server.write(name, b"x");
    }
    let mut peer = server.peer();
    // The second while the first is under way.
    peer.says(&Request::List.to_bytes());
    let listed = list(&mut peer);
    assert!(listed.iter().map(|(name, _)| name).eq(names.iter().map(String::as_bytes)));
    assert_eq!(peer.frame(), b"L\0\0\x04\x4c");
    drop(peer);
    server.finish();
}

pub(crate) fn files_come_whole_with_and_without_checksum(model: Model) {
    let server = start(model);
    std::fs::create_dir(server.path().join("pxelinux.cfg")).unwrap();
    server.write("pxelinux.cfg/default", b"a file in a folder");
    let mut peer = server.peer();
    for size in [0, 1, 4096, 65_535, 65_536, 300_000, 5 << 20] {
        let file = content(size);
        server.write(&size.to_string(), &file);
        for checksum in [false, true, false] {
            peer.says(&get(size.to_string().as_bytes(), checksum));
            peer.gets(&file, checksum);
        }
    }
    peer.says(&get(b"/pxelinux.cfg/default", true));
    peer.gets(b"a file in a folder", true);
    peer.quits();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn what_is_not_there_is_refused_and_the_stream_goes_on(model: Model) {
    let server = start(model);
    std::fs::create_dir(server.path().join("folder")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", server.path().join("link")).unwrap();
    nix::unistd::mkfifo(&server.path().join("fifo"), Mode::S_IRUSR).unwrap();
    let mut peer = server.peer();
    for (name, code) in [
        (&b"nothing"[..], Code::NotFound),
        (b"nowhere/nothing", Code::NotFound),
        (b"", Code::BadName),
        (b"..", Code::BadName),
        (b"folder/../../x", Code::BadName),
        (b"a\0b", Code::BadName),
        (b"folder", Code::NotOrdinary),
        (b"fifo", Code::NotOrdinary),
        (b"link", Code::Denied),
        (&[b'x'; 4000], Code::BadName),
    ] {
        peer.says(&get(name, false));
        peer.is_refused(code);
        peer.says(&Request::State { name }.to_bytes());
        peer.is_refused(code);
    }
    peer.quits();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn many_requests_at_once_are_answered_in_order(model: Model) {
    let server = start(model);
    let (small, big) = (content(10), content(3 << 20));
    server.write("small", &small);
    server.write("big", &big);
    let mut all = Vec::new();
    for turn in 0..200 {
        all.extend(get(if turn % 20 == 0 { b"big" } else { b"small" }, turn % 3 == 0));
        all.extend(get(b"nothing", false));
        all.extend(Request::State { name: b"small" }.to_bytes());
    }
    let mut peer = server.peer();
    peer.says(&all);
    // The client's end is no reason to keep an answer from it.
    peer.half_closes();
    for turn in 0..200 {
        peer.gets(if turn % 20 == 0 { &big } else { &small }, turn % 3 == 0);
        peer.is_refused(Code::NotFound);
        assert_eq!(peer.found().0, 10);
    }
    peer.ends();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn the_rest_of_a_file_comes_if_it_is_still_the_same(model: Model) {
    let server = start(model);
    let file = content(1 << 20);
    server.write("a", &file);
    let mut peer = server.peer();
    peer.says(&Request::State { name: b"a" }.to_bytes());
    let (size, version) = peer.found();
    assert_eq!(size, 1 << 20);
    let ask = |offset, version, checksum| {
        Request::Get { checksum, offset, version, name: b"a" }.to_bytes()
    };
    for offset in [1, 4096, 600_001, size - 1, size] {
        for checksum in [false, true] {
            peer.says(&ask(offset, version, checksum));
            assert_eq!(peer.found(), (size, version));
            let rest = &file[usize::try_from(offset).unwrap()..];
            assert!(peer.take(rest.len()) == rest);
            // Of the whole.
            let checksum = checksum.then(|| crc32fast::hash(&file));
            peer.hears(&Answer::Done { checksum });
        }
    }
    for offset in [size + 1, u64::MAX] {
        peer.says(&ask(offset, version, true));
        peer.is_refused(Code::Beyond);
    }
    peer.says(&ask(1, [7; 40], true));
    peer.is_refused(Code::Changed);
    // Another file of the same name, size and content is another one nevertheless.
    std::fs::remove_file(server.path().join("a")).unwrap();
    server.write("a", &file);
    peer.says(&ask(1, version, true));
    peer.is_refused(Code::Changed);
    peer.says(&ask(0, version, true));
    peer.gets(&file, true);
    peer.quits();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn nonsense_ends_the_stream_with_a_word(model: Model) {
    let server = start(model);
    let nonsense: [&[u8]; 14] = [
        b"\0\0\0\0",
        b"\0\0\x10\x01",
        b"\xff\xff\xff\xff",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0\0\0\x01X",
        b"\0\0\0\x01l",
        b"\0\0\0\x01\0",
        b"\0\0\0\x02Lx",
        b"\0\0\0\x02Qx",
        b"\0\0\0\x01G",
        b"\0\0\0\x0fG\0\0\0\0\0\0\0\0\0short",
        b"\0\0\0\x0bP\x02\0\0\0\0\0\0\0\x01a",
        b"\0\0\0\x03D\0\0",
        b"\0\0\0\x01D",
    ];
    for bytes in nonsense {
        let mut peer = server.peer();
        // What was right before it is answered; what stands behind it is not.
        peer.says(&Request::List.to_bytes());
        peer.says(bytes);
        peer.says(&vec![b'L'; 100_000]);
        peer.hears(&Answer::List { count: 0 });
        peer.is_refused(Code::Malformed);
        peer.ends();
    }
    server.peer().quits();
    assert_eq!(server.finish().done, 15);
}
