//! The two ways of resolving, and files to find by them.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread;

use jail::{Dir, Error};
use nix::fcntl::{OpenHow, openat2};
use syscall::Errno;
use testkit::sandbox::Filter;

/// How names are resolved in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the kernel's one call.
    Kernel,
    /// Part by part, because the call fails with this.
    Walk(Errno),
}

/// Runs a test with openat2, and where it does not exist, and where a filter does not know it.
pub(crate) fn ways(test: impl Fn(Way) + Sync) {
    for way in [Way::Kernel, Way::Walk(Errno::ENOSYS), Way::Walk(Errno::EPERM)] {
        // A filter is its thread's, for good.
        let begun = thread::scope(|scope| {
            let all = scope.spawn(|| begin(way).map(|()| test(way)));
            all.join().unwrap_or_else(|_| panic!("{way:?}: see above"))
        });
        if let Err(reason) = begun {
            testkit::skip!("{way:?}: {reason}");
        }
    }
}

fn begin(way: Way) -> Result<(), String> {
    let expected = match way {
        Way::Kernel => None,
        Way::Walk(errno) => {
            let filter = Filter::new().refuse(libc::SYS_openat2, errno);
            filter.install().map_err(|error| format!("no filter: {error}"))?;
            Some(errno)
        }
    };
    let found = openat2(nix::fcntl::AT_FDCWD, ".", OpenHow::new()).err();
    if found == expected { Ok(()) } else { Err(format!("openat2 says {found:?}")) }
}

/// A folder for the jail, `jail`, and beside it what nobody must see.
pub(crate) struct Scene {
    /// Removed at the end.
    pub(crate) all: tempfile::TempDir,
}

impl Scene {
    /// `jail/a`, `jail/sub/b`, and `outside/secret`.
    pub(crate) fn new() -> Self {
        let scene = Self { all: tempfile::tempdir().unwrap() };
        fs::create_dir_all(scene.jail("sub")).unwrap();
        fs::create_dir(scene.outside("")).unwrap();
        fs::write(scene.jail("a"), "inside").unwrap();
        fs::write(scene.jail("sub/b"), "inside").unwrap();
        fs::write(scene.outside("secret"), "outside").unwrap();
        scene
    }

    pub(crate) fn jail(&self, name: &str) -> PathBuf {
        self.all.path().join("jail").join(name)
    }

    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.all.path().join("outside").join(name)
    }

    pub(crate) fn link(&self, name: &str, target: &str) {
        symlink(target, self.jail(name)).unwrap();
    }

    pub(crate) fn dir(&self) -> Dir {
        Dir::open(&self.jail("")).unwrap()
    }
}

/// The whole file of this name.
pub(crate) fn text(dir: &Dir, name: &str) -> Result<String, Error> {
    let (mut file, metadata) = dir.file(name.as_bytes())?;
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    assert_eq!(metadata.len(), text.len() as u64);
    Ok(text)
}
