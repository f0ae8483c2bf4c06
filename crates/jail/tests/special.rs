//! Things that must not be opened: that alone may have an effect, or never return.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;

use common::{Scene, ways};
use jail::Error;
use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use nix::unistd::{Uid, mkfifo};
use testkit::{guarded, sandbox, skip};

#[test]
fn nobody_opens_a_fifo_or_a_socket() {
    let scene = Scene::new();
    let fifo = scene.jail("fifo");
    mkfifo(&fifo, Mode::S_IRWXU).unwrap();
    let _listener = UnixListener::bind(scene.jail("socket")).unwrap();
    ways(|_| {
        let opened = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC).unwrap();
        for name in ["fifo", "socket"] {
            opened.add_watch(&scene.jail(name), AddWatchFlags::IN_OPEN).unwrap();
        }
        // Opening the one for reading would wait for a writer, the other cannot be opened.
        guarded(|| {
            let dir = scene.dir();
            assert_eq!(dir.file(b"fifo").unwrap_err(), Error::NotOrdinary);
            assert_eq!(dir.file(b"socket").unwrap_err(), Error::NotOrdinary);
            assert_eq!(dir.entries().unwrap().len(), 4);
        });
        assert_eq!(opened.read_events().map(|events| events.len()), Err(Errno::EAGAIN));
        // The watch works: whoever opens is seen.
        let reader = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(&fifo);
        assert!(reader.is_ok());
        assert!(opened.read_events().is_ok());
    });
}

#[test]
fn nobody_is_served_a_device() {
    let scene = Scene::new();
    let (kind, zero) = (SFlag::S_IFCHR, makedev(1, 5));
    if let Err(errno) = mknod(&scene.jail("zero"), kind, Mode::S_IRWXU, zero) {
        skip!("makes no device: {errno}");
    }
    scene.link("to-zero", "zero");
    ways(|_| {
        assert_eq!(scene.dir().file(b"zero").unwrap_err(), Error::NotOrdinary);
        let linked = scene.dir().file(b"to-zero").unwrap_err();
        assert!(matches!(linked, Error::NotOrdinary | Error::Outside));
    });
}

#[test]
fn what_the_file_system_forbids_is_denied() {
    let scene = Scene::new();
    fs::create_dir(scene.jail("shut")).unwrap();
    fs::write(scene.jail("shut/file"), "").unwrap();
    fs::create_dir(scene.jail("unlisted")).unwrap();
    fs::write(scene.jail("unlisted/file"), "").unwrap();
    for (name, mode) in
        [("", 0o755), ("../", 0o755), ("a", 0), ("shut", 0), ("unlisted", 0o111), ("sub", 0o755)]
    {
        fs::set_permissions(scene.jail(name), Permissions::from_mode(mode)).unwrap();
    }
    ways(|_| {
        if Uid::effective().is_root() {
            sandbox::become_nobody().unwrap();
        }
        let dir = scene.dir();
        assert_eq!(dir.file(b"a").unwrap_err(), Error::Denied);
        assert_eq!(dir.file(b"shut/file").unwrap_err(), Error::Denied);
        assert_eq!(dir.place(b"shut/a/b").unwrap_err(), Error::Denied);
        assert_eq!(dir.directory(b"unlisted").unwrap().names().unwrap_err(), Error::Denied);
        assert!(dir.file(b"unlisted/file").is_ok());
        assert!(dir.file(b"sub/b").is_ok());
        // To be listed it need not be readable.
        assert_eq!(dir.entries().unwrap().len(), 4);
    });
    for name in ["shut", "unlisted"] {
        fs::set_permissions(scene.jail(name), Permissions::from_mode(0o755)).unwrap();
    }
}
