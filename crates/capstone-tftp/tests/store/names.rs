//! Names from strangers, and the list.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use capstone_tftp::store::{Refusal, Rules};

use crate::common::{Folder, REPLACE, get, put, ways};

#[test]
fn a_name_that_is_none_is_refused_and_makes_nothing() {
    let folder = Folder::new();
    let long = "x".repeat(256);
    let draft = ".capstone-tftp-1-1";
    let names = [
        "",
        "/",
        "///",
        ".",
        "..",
        "/..",
        "../beside",
        "/../beside",
        "sub/../a",
        "sub/..",
        "sub/",
        "a\0b",
        "sub/.",
        &long,
        draft,
        "/.capstone-tftp-",
        &format!("sub/{draft}"),
    ];
    ways(|_| {
        for rules in [Rules::default(), REPLACE] {
            let store = folder.store(rules);
            for name in names {
                assert_eq!(put(&store, name, "text").unwrap_err(), Refusal::BadName, "{name:?}");
                let read = get(&store, name).unwrap_err();
                // For reading these are names: of a folder.
                let folders = ["sub/.", "."];
                let expected =
                    if folders.contains(&name) { Refusal::NotOrdinary } else { Refusal::BadName };
                assert_eq!(read, expected, "{name:?}");
            }
            assert_eq!(put(&store, "none/a", "text"), Err(Refusal::NotFound));
            assert_eq!(put(&store, "sub/none/a", "text"), Err(Refusal::NotFound));
        }
        assert_eq!(folder.all(), [""; 0]);
        assert!(!folder.path().join("../beside").exists() && !folder.path().join("none").exists());
    });
}

#[test]
fn the_folder_is_the_root_of_its_clients() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(REPLACE);
        put(&store, "/a", "one").unwrap();
        put(&store, "//sub//b", "two").unwrap();
        assert_eq!(folder.all(), ["a", "sub/b"]);
        for (name, text) in
            [("a", "one"), ("///a", "one"), ("./a", "one"), ("/sub/b", "two"), ("sub/./b", "two")]
        {
            assert_eq!(get(&store, name).as_deref(), Ok(text), "{name}");
        }
        assert_eq!(get(&store, "/etc/passwd"), Err(Refusal::NotFound));
        assert_eq!(get(&store, "sub"), Err(Refusal::NotOrdinary));
    });
}

#[test]
fn any_bytes_may_be_a_name() {
    let folder = Folder::new();
    let names: [&[u8]; 6] = [b"\n", b"a b\n", b"\x1b[2J", b"\xe5\x90\x8d", b"\xff\xfe", b"~"];
    ways(|_| {
        let store = folder.store(REPLACE);
        for name in names {
            let mut upload = store.write(name, None).unwrap();
            upload.append(name).unwrap();
            upload.commit().unwrap();
            assert_eq!(
                fs::read(folder.path().join(std::ffi::OsStr::from_bytes(name))).unwrap(),
                name
            );
        }
        let listed: Vec<_> = store.list().unwrap().into_iter().map(|it| it.name).collect();
        let mut sorted = names;
        sorted.sort_unstable();
        assert_eq!(listed, sorted);
    });
}

#[test]
fn ordinary_files_are_listed_by_their_bytes() {
    let folder = Folder::new();
    for (name, text) in
        [("b", "22"), ("B", "1"), ("a", ""), ("é", "1"), (".hidden", "1"), ("sub/c", "1")]
    {
        folder.file(name, text);
    }
    nix::unistd::mkfifo(&folder.path().join("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let _listener = UnixListener::bind(folder.path().join("socket")).unwrap();
    for (name, target) in [("out", "/etc/passwd"), ("none", "gone"), ("in", "b"), ("in-sub", "sub")]
    {
        symlink(target, folder.path().join(name)).unwrap();
    }
    let store = folder.store(Rules::default());
    let listed = store.list().unwrap();
    let rows: Vec<_> =
        listed.iter().map(|it| (str::from_utf8(&it.name).unwrap(), it.size)).collect();
    assert_eq!(rows, [("B", 1), ("a", 0), ("b", 2), ("in", 2), ("é", 1)]);
    let modified = fs::metadata(folder.path().join("a")).unwrap().modified().unwrap();
    assert_eq!(listed[1].modified, modified);
    // Each of them can be had.
    for (name, size) in rows {
        assert_eq!(store.read(name.as_bytes()).unwrap().size, size);
    }
}

#[test]
fn what_lies_outside_is_neither_read_nor_written() {
    let folder = Folder::new();
    let beside = folder.path().join("../beside");
    fs::write(&beside, "secret").unwrap();
    for (name, target) in
        [("link", "../beside"), ("new", "../new"), ("out", ".."), ("sub/up", "../../beside")]
    {
        symlink(target, folder.path().join(name)).unwrap();
    }
    symlink("sub", folder.path().join("in")).unwrap();
    ways(|_| {
        let store = folder.store(REPLACE);
        for name in ["link", "sub/up", "out/beside"] {
            assert!(
                matches!(get(&store, name), Err(Refusal::Denied | Refusal::NotFound)),
                "{name}"
            );
        }
        // A link is replaced by nobody, wherever it leads.
        for name in ["link", "new", "sub/up", "out", "in"] {
            assert_eq!(put(&store, name, "new"), Err(Refusal::NotOrdinary), "{name}");
        }
        for name in ["out/beside", "out/new"] {
            assert!(matches!(put(&store, name, "new"), Err(Refusal::Denied | Refusal::NotFound)));
        }
        assert_eq!(fs::read_to_string(&beside).unwrap(), "secret");
        assert!(!folder.path().join("../new").exists());
        assert!(folder.path().join("link").is_symlink());
    });
}
