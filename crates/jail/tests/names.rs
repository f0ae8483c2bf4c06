//! Which names lead to something.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;

use common::{Scene, Way, text, ways};
use jail::{Dir, Error};
use syscall::Errno;

#[test]
fn what_is_no_name_is_asked_of_nobody() {
    let scene = Scene::new();
    let dir = scene.dir();
    let long = vec![b'x'; 256];
    let deep = [b"./".repeat(2048), b"a".to_vec()].concat();
    let bad: [&[u8]; 14] = [
        b"",
        b"/",
        b"/a",
        b"//a",
        b"/etc/passwd",
        b"..",
        b"../outside/secret",
        b"sub/..",
        b"sub/../a",
        b"./../a",
        b"a\0",
        b"\0",
        &long,
        &deep,
    ];
    ways(|_| {
        for name in bad {
            let shown = name.escape_ascii();
            assert_eq!(dir.file(name).unwrap_err(), Error::BadName, "file {shown}");
            assert_eq!(dir.directory(name).unwrap_err(), Error::BadName, "directory {shown}");
            // The last part of a place is nobody's to resolve, also when it is too long.
            if name != long && name != deep {
                assert_eq!(dir.place(name).unwrap_err(), Error::BadName, "place {shown}");
            }
        }
        for name in [&b"sub/"[..], b".", b"sub/."] {
            assert_eq!(dir.place(name).unwrap_err(), Error::BadName);
        }
    });
}

#[test]
fn any_other_bytes_are_a_name() {
    let scene = Scene::new();
    let longest = "n".repeat(255);
    let odd: [&[u8]; 8] = [
        b"...",
        b"..a",
        b"a\nb",
        b" ",
        b"\xff\xfe",
        b"\x1b[2J",
        "名".as_bytes(),
        longest.as_bytes(),
    ];
    for name in odd {
        fs::write(scene.jail("").join(OsStr::from_bytes(name)), "odd").unwrap();
    }
    ways(|_| {
        let dir = scene.dir();
        for name in odd {
            assert_eq!(dir.file(name).unwrap().1.len(), 3, "{}", name.escape_ascii());
        }
        let mut names = dir.names().unwrap();
        names.sort();
        let mut expected = odd.map(<[u8]>::to_vec).to_vec();
        expected.extend([b"a".to_vec(), b"sub".to_vec()]);
        expected.sort();
        assert_eq!(names, expected);
    });
}

#[test]
fn a_name_means_what_it_means_to_the_kernel() {
    let scene = Scene::new();
    ways(|_| {
        let dir = scene.dir();
        for name in ["a", "./a", ".//a", "sub/b", "sub//b", "sub/./b", "./sub/.//b"] {
            assert_eq!(text(&dir, name).as_deref(), Ok("inside"), "{name}");
        }
        for name in ["none", "sub/none", "none/a", "a/", "a/.", "a/b", "sub/b/"] {
            assert_eq!(text(&dir, name), Err(Error::NotFound), "{name}");
        }
        for name in ["sub", "sub/", "sub/.", ".", "./"] {
            assert_eq!(text(&dir, name), Err(Error::Folder), "{name}");
        }
        for name in ["sub", "sub/", "./sub/."] {
            assert_eq!(text(&dir.directory(name.as_bytes()).unwrap(), "b").unwrap(), "inside");
        }
        assert_eq!(text(&dir.directory(b".").unwrap(), "a").unwrap(), "inside");
        assert_eq!(dir.directory(b"a").unwrap_err(), Error::NotFound);
        let (folder, last) = dir.place(b"sub//none").unwrap();
        assert_eq!((text(&folder, "b").as_deref(), last), (Ok("inside"), &b"none"[..]));
        assert_eq!(text(&dir.place(b"x").unwrap().0, "a").unwrap(), "inside");
        // A jail in the jail.
        let sub = dir.directory(b"sub").unwrap();
        assert_eq!(text(&sub, "../a"), Err(Error::BadName));
    });
}

#[test]
fn links_lead_on_inside_and_never_out() {
    let scene = Scene::new();
    let absolute = scene.jail("a").display().to_string();
    for (name, target) in
        [("to-a", "a"), ("to-sub", "sub"), ("sub/up", "../a"), ("round", "sub/../a")]
    {
        scene.link(name, target);
    }
    let outward = [
        ("passwd", "/etc/passwd"),
        ("root", "/"),
        ("up", ".."),
        ("beside", "../outside/secret"),
        ("away", "../outside"),
        ("sub/far", "../../outside/secret"),
        ("back", "../jail/a"),
        ("absolute", &absolute),
        ("loop", "loop"),
    ];
    for (name, target) in outward {
        scene.link(name, target);
    }
    scene.link("dangling", "none");
    ways(|way| {
        let dir = scene.dir();
        for name in ["to-a", "to-sub/b", "sub/up", "round", "to-sub/up"] {
            match (way, text(&dir, name)) {
                (Way::Kernel, found) => assert_eq!(found.as_deref(), Ok("inside"), "{name}"),
                (_, Err(Error::Outside | Error::NotFound)) => {}
                (_, found) => panic!("{name}: {found:?}"),
            }
        }
        for (name, _) in outward {
            assert_eq!(text(&dir, name), Err(Error::Outside), "{name}");
        }
        for name in ["root/etc/passwd", "up/outside/secret", "away/secret", "loop/a"] {
            match (way, text(&dir, name)) {
                (Way::Kernel, found) => assert_eq!(found, Err(Error::Outside), "{name}"),
                // To open(2) a link that must not be followed is no folder.
                (_, found) => assert_eq!(found, Err(Error::NotFound), "{name}"),
            }
        }
        for name in [&b"root"[..], b"up", b"away"] {
            assert!(matches!(dir.directory(name), Err(Error::Outside | Error::NotFound)));
        }
        let dangling = text(&dir, "dangling").unwrap_err();
        assert_eq!(dangling, if way == Way::Kernel { Error::NotFound } else { Error::Outside });
    });
}

#[test]
fn what_can_be_had_is_listed() {
    let scene = Scene::new();
    for (name, target) in
        [("to-a", "a"), ("to-sub", "sub"), ("out", "/etc/passwd"), ("gone", "none")]
    {
        scene.link(name, target);
    }
    ways(|way| {
        let found = scene.dir().entries().unwrap();
        let mut found: Vec<_> = found
            .iter()
            .map(|it| {
                (str::from_utf8(&it.name).unwrap(), it.metadata.is_dir(), it.metadata.is_file())
            })
            .collect();
        found.sort_unstable();
        let mut expected = vec![("a", false, true), ("sub", true, false)];
        if way == Way::Kernel {
            expected.extend([("to-a", false, true), ("to-sub", true, false)]);
        }
        assert_eq!(found, expected);
    });
}

#[test]
fn the_folder_is_the_folder_and_not_its_path() {
    let scene = Scene::new();
    ways(|_| {
        let dir = scene.dir();
        fs::rename(scene.jail(""), scene.outside("moved")).unwrap();
        fs::create_dir(scene.jail("")).unwrap();
        assert_eq!(text(&dir, "a").as_deref(), Ok("inside"));
        fs::remove_dir(scene.jail("")).unwrap();
        fs::rename(scene.outside("moved"), scene.jail("")).unwrap();
        assert_eq!(Dir::open(&scene.jail("a")).unwrap_err().errno(), Errno::ENOTDIR);
        assert_eq!(Dir::open(&scene.jail("none")).unwrap_err().errno(), Errno::ENOENT);

        fs::create_dir(scene.jail("short")).unwrap();
        let removed = dir.directory(b"short").unwrap();
        fs::remove_dir(scene.jail("short")).unwrap();
        assert_eq!(removed.entries().unwrap_err(), Error::NotFound);
        assert_eq!(removed.file(b"a").unwrap_err(), Error::NotFound);
    });
}

#[test]
fn what_is_looked_at_is_what_is_opened() {
    let scene = Scene::new();
    ways(|_| {
        fs::write(scene.jail("old"), "old").unwrap();
        let found = scene.dir().find(b"old").unwrap();
        assert_eq!(found.metadata().len(), 3);
        // Another file has its name by now.
        fs::rename(scene.jail("old"), scene.jail("moved")).unwrap();
        fs::write(scene.jail("old"), "a newer one").unwrap();
        let mut text = String::new();
        found.open().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "old");
        let folder = scene.dir().find(b"sub").unwrap();
        assert!(folder.metadata().is_dir());
        assert_eq!(folder.open().unwrap_err(), Error::Folder);
    });
}
