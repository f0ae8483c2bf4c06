//! A folder for a store, and the ways in which its file system may differ.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;

use capstone_tftp::store::{Refusal, Rules, Store};
use nix::errno::Errno;
use testkit::sandbox::Filter;

/// What the file system, or the kernel, can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Everything.
    Nameless,
    /// No O_TMPFILE: FAT.
    Named,
    /// Neither that nor RENAME_NOREPLACE: NFS.
    Linked,
    /// The same, on a kernel before openat2, which says that `.` is a folder.
    Old,
}

/// All of them.
pub(crate) const WAYS: [Way; 4] = [Way::Nameless, Way::Named, Way::Linked, Way::Old];

impl Way {
    /// For this thread, or for a program with one thread, for good.
    pub(crate) fn take(self) -> Result<(), String> {
        // Without O_DIRECTORY, which is a part of it.
        let tmpfile = (libc::O_TMPFILE & !libc::O_DIRECTORY).cast_unsigned();
        let no_tmpfile = |errno| Filter::new().refuse_bits(libc::SYS_openat, 2, tmpfile, errno);
        let filter = match self {
            Self::Nameless => return Ok(()),
            Self::Named => no_tmpfile(Errno::EOPNOTSUPP),
            Self::Linked => {
                no_tmpfile(Errno::EOPNOTSUPP).refuse(libc::SYS_renameat2, Errno::EINVAL)
            }
            Self::Old => no_tmpfile(Errno::EISDIR)
                .refuse(libc::SYS_renameat2, Errno::ENOSYS)
                .refuse(libc::SYS_openat2, Errno::ENOSYS),
        };
        filter.install().map_err(|error| format!("no filter: {error}"))
    }
}

/// Runs a test in each way.
pub(crate) fn ways(test: impl Fn(Way) + Sync) {
    for way in WAYS {
        let begun = thread::scope(|scope| {
            let all = scope.spawn(|| way.take().map(|()| test(way)));
            all.join().unwrap_or_else(|_| panic!("{way:?}: see above"))
        });
        if let Err(reason) = begun {
            testkit::skip!("{way:?}: {reason}");
        }
    }
}

/// Uploads replace.
pub(crate) const REPLACE: Rules =
    Rules { writable: true, overwrite: true, longest: u64::MAX, files: u64::MAX };

/// A folder in a scratch directory, so that something can be beside it.
pub(crate) struct Folder {
    scratch: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::on(None)
    }

    /// In a scratch directory there.
    pub(crate) fn on(place: Option<&str>) -> Self {
        let scratch = place.map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
        let folder = Self { scratch };
        fs::create_dir_all(folder.path().join("sub")).unwrap();
        folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.scratch.path().join("store")
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn store(&self, rules: Rules) -> Store {
        Store::open(&self.path(), rules).unwrap()
    }

    /// Every name beneath it, hidden ones too, in order; of folders nothing but what is in them.
    pub(crate) fn all(&self) -> Vec<String> {
        let mut found = files(&self.path(), "");
        found.sort();
        found
    }
}

fn files(folder: &Path, before: &str) -> Vec<String> {
    let all = fs::read_dir(folder).unwrap().flat_map(|entry| {
        let entry = entry.unwrap();
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        let folder = entry.file_type().unwrap().is_dir();
        if folder { files(&entry.path(), &format!("{name}/")) } else { vec![name] }
    });
    all.collect()
}

/// A whole upload.
pub(crate) fn put(store: &Store, name: &str, text: &str) -> Result<(), Refusal> {
    let mut upload = store.write(name.as_bytes(), Some(text.len() as u64))?;
    // In pieces, as it would come.
    for piece in text.as_bytes().chunks(512) {
        upload.append(piece)?;
    }
    assert_eq!(upload.length(), text.len() as u64);
    upload.commit()
}

/// A whole download.
pub(crate) fn get(store: &Store, name: &str) -> Result<String, Refusal> {
    let mut reading = store.read(name.as_bytes())?;
    let mut text = String::new();
    reading.file.read_to_string(&mut text).unwrap();
    assert_eq!(reading.size, text.len() as u64);
    Ok(text)
}
