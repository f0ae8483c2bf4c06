//! What needs a process of its own: a small disk, the umask, limits, forks, and that no descriptor
//! is left over.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use capstone_tftp::store::{Refusal, Rules, Store};
use common::{Folder, REPLACE, get, put, ways};
use nix::mount::{MsFlags, mount};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::stat::{Mode, umask};
use nix::sys::statvfs::statvfs;
use process::{Deadline, Exit, fork};
use syscall::Errno;
use testkit::cases::{next_of, pipe, tell};
use testkit::{sandbox, skip};

/// What a file system has left: blocks and inodes.
fn left(folder: &Path) -> (u64, u64) {
    let left = statvfs(folder).unwrap();
    (left.blocks_free(), left.files_free())
}

fn a_full_disk_is_said_and_leaves_nothing() {
    let folder = Folder::new();
    let disk =
        sandbox::own_mounts().and_then(|()| sandbox::tmpfs(&folder.path(), "size=64k,nr_inodes=5"));
    if let Err(reason) = disk {
        skip!("{reason}");
    }
    ways(|way| {
        let store = folder.store(REPLACE);
        put(&store, "a", "old").unwrap();
        let before = left(&folder.path());
        // Announced, it is refused before a byte has come.
        assert_eq!(store.write(b"b", Some(1 << 20)).unwrap_err(), Refusal::Full);
        for name in ["a", "b"] {
            let mut upload = store.write(name.as_bytes(), None).unwrap();
            let end = (0..1000).find_map(|_| upload.append(&[b'x'; 1000]).err());
            assert_eq!(end, Some(Refusal::Full), "{way:?}");
            drop(upload);
            assert_eq!((folder.all(), left(&folder.path())), (vec!["a".to_owned()], before));
        }
        // What fits still comes, and in the end there is no inode.
        put(&store, "b", "fits").unwrap();
        put(&store, "c", "fits").unwrap();
        let many: Vec<_> = (0..5).map(|_| store.write(b"d", None)).collect();
        assert_eq!(many.iter().find_map(|it| it.as_ref().err()), Some(&Refusal::Full));
        drop(many);
        for name in ["a", "b", "c"] {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        assert_eq!(folder.all(), [""; 0]);
    });
}

fn a_file_system_for_reading_is_read() {
    let folder = Folder::new();
    let disk = sandbox::own_mounts().and_then(|()| sandbox::tmpfs(&folder.path(), "size=64k"));
    if let Err(reason) = disk {
        skip!("{reason}");
    }
    folder.file("a", "text");
    folder.file(".capstone-tftp-1-1", "left by somebody");
    let (none, flags) = (None::<&str>, MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY);
    mount(none, &folder.path(), none, flags, none).unwrap();
    let store = folder.store(REPLACE);
    assert_eq!(get(&store, "a").as_deref(), Ok("text"));
    for name in ["a", "b"] {
        assert_eq!(store.write(name.as_bytes(), Some(5)).unwrap_err(), Refusal::ReadOnly);
    }
}

fn the_umask_says_what_new_files_may() {
    ways(|way| {
        for (mask, mode) in [(0o022, 0o644), (0o027, 0o640), (0, 0o666)] {
            let folder = Folder::new();
            umask(Mode::from_bits_truncate(mask));
            let store = folder.store(REPLACE);
            // New, and in the place of another.
            for _ in 0..2 {
                put(&store, "a", "text").unwrap();
                let found = fs::metadata(folder.path().join("a")).unwrap().permissions().mode();
                assert_eq!(found & 0o7777, mode, "{way:?}, umask {mask:o}");
            }
        }
    });
}

/// The harness compares this process's descriptors before and after.
fn whatever_happens_no_descriptor_is_left() {
    let folder = Folder::new();
    folder.file("a", "text");
    ways(|_| {
        let store = folder.store(Rules { files: 3, longest: 5, ..Rules::default() });
        for name in ["a", "b", "..", "none/a", "sub", "sub/b"] {
            drop(store.read(name.as_bytes()));
            drop(store.write(name.as_bytes(), None));
            let _ = put(&store, name, "too long");
        }
        store.list().unwrap();
        drop(store.clone());
    });
    assert_eq!(folder.all(), ["a"]);
}

fn without_descriptors_it_says_so_and_goes_on() {
    let folder = Folder::new();
    folder.file("a", "text");
    let store = folder.store(REPLACE);
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    for most in 3..12 {
        setrlimit(Resource::RLIMIT_NOFILE, most, hard).unwrap();
        let ends =
            [store.read(b"a").map(drop), store.list().map(drop), store.write(b"b", None).map(drop)];
        setrlimit(Resource::RLIMIT_NOFILE, soft, hard).unwrap();
        for end in ends {
            assert!(matches!(end, Ok(()) | Err(Refusal::Io(Errno::EMFILE))), "{end:?}");
        }
    }
    assert_eq!(get(&store, "a").as_deref(), Ok("text"));
    assert_eq!(put(&store, "b", "text"), Ok(()));
}

/// `ulimit -f`, where the operator's server ignores the signal that comes with it.
fn longer_than_a_file_can_be_is_too_large() {
    // SAFETY: no handler runs.
    unsafe { signal(Signal::SIGXFSZ, SigHandler::SigIgn) }.unwrap();
    let folder = Folder::new();
    let store = folder.store(REPLACE);
    let (_, hard) = getrlimit(Resource::RLIMIT_FSIZE).unwrap();
    setrlimit(Resource::RLIMIT_FSIZE, 1000, hard).unwrap();
    assert_eq!(put(&store, "a", &"x".repeat(1000)), Ok(()));
    assert_eq!(put(&store, "b", &"x".repeat(1001)), Err(Refusal::TooLarge));
    assert_eq!(folder.all(), ["a"]);
}

/// The store of a server that forks for each client.
fn the_limit_of_files_holds_between_forked_children() {
    let folder = Folder::new();
    let store = folder.store(Rules { files: 6, ..Rules::default() });
    let (gate, open) = pipe();
    let (arrived, here) = pipe();
    let children: Vec<_> = (0..12)
        .map(|number| {
            let (store, gate, here) = (&store, &gate, &here);
            fork(move || {
                let upload = store.write(format!("{number}").as_bytes(), None).unwrap();
                tell(here, "x");
                next_of(gate);
                match upload.commit() {
                    Ok(()) => 0,
                    Err(Refusal::TooMany) => 1,
                    Err(_) => 2,
                }
            })
            .unwrap()
        })
        .collect();
    // All have begun; each one takes as much as stands there at most.
    File::from(arrived).read_exact(&mut [0; 12]).unwrap();
    tell(&open, &"x".repeat(12 * 4096));
    let ends: Vec<_> = children
        .into_iter()
        .map(|mut child| child.join(Deadline::Never).unwrap().unwrap())
        .collect();
    let count = |code| ends.iter().filter(|end| **end == Exit::Code(code)).count();
    assert_eq!((count(0), count(1)), (5, 7), "{ends:?}");
    assert_eq!(folder.all().len(), 5);
}

/// Whoever holds the turn may be killed: the next one takes it.
fn a_killed_child_stops_nobody() {
    let folder = Folder::new();
    let store = folder.store(REPLACE);
    for _ in 0..20 {
        let mut child = {
            let store = store.clone();
            fork(move || {
                loop {
                    put(&store, "a", "child").unwrap();
                }
            })
            .unwrap()
        };
        testkit::until("the child uploads", || folder.path().join("a").exists().then_some(()));
        child.kill().unwrap();
        let killed = Exit::Signal { number: libc::SIGKILL, core: false };
        assert_eq!(child.join(Deadline::Never).unwrap(), Some(killed));
        put(&store, "a", "parent").unwrap();
        assert_eq!(folder.text("a"), "parent");
        fs::remove_file(folder.path().join("a")).unwrap();
    }
    drop(Store::open(&folder.path(), REPLACE).unwrap());
    assert_eq!(folder.all(), [""; 0]);
}

testkit::cases!(
    a_full_disk_is_said_and_leaves_nothing,
    a_file_system_for_reading_is_read,
    the_umask_says_what_new_files_may,
    whatever_happens_no_descriptor_is_left,
    without_descriptors_it_says_so_and_goes_on,
    longer_than_a_file_can_be_is_too_large,
    the_limit_of_files_holds_between_forked_children,
    a_killed_child_stops_nobody,
);
