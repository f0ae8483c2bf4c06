//! Uploads, and what becomes of those that are refused.

use capstone_tftp::server::tcp::Model;
use capstone_tftp::store::Rules;
use capstone_tftp::wire::{Answer, Code, Request};

use crate::peer::{content, done, get, put};
use crate::start::{Wish, start, start_with};

const DONE: Answer<'_> = Answer::Done { checksum: None };

pub(crate) fn a_file_appears_when_it_is_whole(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    for size in [0, 1, 16 * 1024, 16 * 1024 + 1, 3_000_000] {
        let (file, name) = (content(size), size.to_string());
        peer.says(&put(name.as_bytes(), size));
        peer.hears(&Answer::Go);
        peer.says(&file);
        // It is there when it is said to be complete, not when it is.
        testkit::peer::until_read(&peer.0);
        assert!(!server.path().join(&name).exists());
        peer.says(&done(&file));
        peer.hears(&DONE);
        assert!(std::fs::read(server.path().join(&name)).unwrap() == file);
    }
    peer.says(&Request::Put { checksum: false, size: 2, name: b"unsummed" }.to_bytes());
    peer.hears(&Answer::Go);
    // What follows may come with it.
    peer.says(&[b"hi", &*Request::Done { checksum: None }.to_bytes(), &get(b"1", true)].concat());
    peer.hears(&DONE);
    peer.gets(&content(1), true);
    peer.quits();
    assert_eq!(server.names(), ["0", "1", "16384", "16385", "3000000", "unsummed"]);
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn refused_before_the_content(model: Model) {
    let rules = Rules { longest: 1000, files: 2, ..Rules::default() };
    let server = start_with(model, Wish { rules, ..Wish::default() });
    server.write("a", b"old");
    std::fs::create_dir(server.path().join("folder")).unwrap();
    let mut peer = server.peer();
    for (name, size, code) in [
        (&b"a"[..], 5, Code::Exists),
        (b"../b", 5, Code::BadName),
        (b"", 5, Code::BadName),
        (b"nowhere/b", 5, Code::NotFound),
        (b"b", 5, Code::TooMany),
    ] {
        peer.says(&put(name, size));
        peer.is_refused(code);
    }
    std::fs::remove_dir(server.path().join("folder")).unwrap();
    peer.says(&put(b"b", 1001));
    peer.is_refused(Code::TooLarge);
    peer.says(&get(b"a", true));
    peer.gets(b"old", true);
    peer.quits();
    assert_eq!(server.names(), ["a"]);
    server.finish();
    let rules = Rules { writable: false, ..Rules::default() };
    let server = start_with(model, Wish { rules, ..Wish::default() });
    let mut peer = server.peer();
    peer.says(&put(b"a", 1));
    peer.is_refused(Code::ReadOnly);
    peer.quits();
    server.finish();
}

pub(crate) fn refused_in_the_middle(model: Model) {
    // As far as this the file system takes it.
    let server = start_with(model, Wish { file_size: Some(100_000), ..Wish::default() });
    let mut peer = server.peer();
    let file = content(3_000_000);
    peer.says(&put(b"a", file.len()));
    peer.hears(&Answer::Go);
    peer.says(&file[..200_000]);
    // It says so before everything has come, and bears the rest.
    peer.is_refused(Code::TooLarge);
    assert_eq!(server.names(), [""; 0]);
    peer.says(&file[200_000..]);
    peer.says(&done(&file));
    peer.says(&Request::List.to_bytes());
    peer.hears(&Answer::List { count: 0 });
    peer.quits();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn a_full_disk(model: Model) {
    let rules = Rules { overwrite: true, ..Rules::default() };
    let server = start_with(model, Wish { disk: Some(1 << 20), rules, ..Wish::default() });
    let mut peer = server.peer();
    let file = content(700_000);
    peer.says(&put(b"large", 2 << 20));
    peer.is_refused(Code::Full);
    peer.says(&put(b"a", file.len()));
    peer.hears(&Answer::Go);
    // It was known to fit, but somebody else was faster. One after the other has no others.
    if model != Model::Iterative {
        let mut other = server.peer();
        other.says(&put(b"b", file.len()));
        other.hears(&Answer::Go);
        other.says(&[&*file, &done(&file)].concat());
        other.hears(&DONE);
        other.quits();
        peer.says(&[&*file, &done(&file)].concat());
        peer.is_refused(Code::Full);
        peer.says(&get(b"b", true));
        peer.gets(&file, true);
        peer.says(&Request::List.to_bytes());
        peer.hears(&Answer::List { count: 1 });
        assert_eq!(peer.frame()[0], b'F');
    }
    drop(peer);
    server.finish();
}

pub(crate) fn a_wrong_checksum_leaves_nothing(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    let file = content(50_000);
    peer.says(&put(b"a", file.len()));
    peer.hears(&Answer::Go);
    peer.says(&[&*file, &done(b"other")].concat());
    peer.is_refused(Code::Checksum);
    assert_eq!(server.names(), [""; 0]);
    peer.says(&[put(b"a", file.len()), file.clone(), done(&file)].concat());
    peer.hears(&Answer::Go);
    peer.hears(&DONE);
    // One that was announced and does not come, or the other way round.
    peer.says(&[put(b"b", 1), b"x".to_vec(), Request::Done { checksum: None }.to_bytes()].concat());
    peer.hears(&Answer::Go);
    peer.is_refused(Code::Malformed);
    peer.ends();
    assert_eq!(server.names(), ["a"]);
    server.finish();
}

pub(crate) fn two_of_one_name(model: Model) {
    if model == Model::Iterative {
        return;
    }
    let server = start(model);
    let (mut one, mut other) = (server.peer(), server.peer());
    for peer in [&mut one, &mut other] {
        peer.says(&put(b"a", 3));
        peer.hears(&Answer::Go);
    }
    other.says(&[&b"two"[..], &done(b"two")].concat());
    other.hears(&DONE);
    one.says(&[&b"one"[..], &done(b"one")].concat());
    one.is_refused(Code::Exists);
    one.says(&get(b"a", true));
    one.gets(b"two", true);
    one.quits();
    other.quits();
    assert_eq!(server.finish().done, 2);
}
