//! File systems that refuse.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::thread;

use capstone_tftp::store::{Refusal, Rules, Store};
use nix::errno::Errno;
use nix::unistd::Uid;
use testkit::sandbox::{self, Filter};
use testkit::skip;

use crate::common::{Folder, REPLACE, get, put, ways};

#[test]
fn a_folder_that_was_removed_is_said_to_be_gone() {
    ways(|_| {
        let folder = Folder::new();
        let store = folder.store(REPLACE);
        let late = store.write(b"late", None).unwrap();
        let in_sub = store.write(b"sub/late", None).unwrap();
        fs::remove_dir_all(folder.path()).unwrap();
        assert_eq!(store.list(), Err(Refusal::Gone));
        assert_eq!(get(&store, "a"), Err(Refusal::NotFound));
        assert_eq!(put(&store, "a", ""), Err(Refusal::Gone));
        assert_eq!(late.commit(), Err(Refusal::Gone));
        assert_eq!(in_sub.commit(), Err(Refusal::Gone));
        assert!(!folder.path().exists());
    });
}

#[test]
fn a_folder_that_is_none_is_no_store() {
    let folder = Folder::new();
    folder.file("a", "");
    let open = |name: &str| Store::open(&folder.path().join(name), Rules::default());
    assert_eq!(open("none").unwrap_err().errno(), Errno::ENOENT);
    let error = open("a").unwrap_err();
    assert_eq!(error.errno(), Errno::ENOTDIR);
    assert!(error.to_string().contains("store/a"), "{error}");
}

#[test]
fn who_may_only_read_reads() {
    let folder = Folder::new();
    folder.file("a", "text");
    let store = folder.store(Rules { writable: false, overwrite: true, ..Rules::default() });
    assert_eq!(get(&store, "a").as_deref(), Ok("text"));
    for name in ["a", "b", "..", "sub/c"] {
        assert_eq!(store.write(name.as_bytes(), None).unwrap_err(), Refusal::ReadOnly);
    }
    assert_eq!(folder.all(), ["a"]);
}

/// The kernel's answer, without a quota to set up.
#[test]
fn a_quota_is_told_from_other_failures() {
    let folder = Folder::new();
    let store = folder.store(REPLACE);
    let quota = |call| {
        let work = || -> Result<(), String> {
            let mut upload = store.write(b"a", None).map_err(|error| error.to_string())?;
            Filter::new().refuse(call, Errno::EDQUOT).install().map_err(|e| e.to_string())?;
            let end = upload.append(b"text").and_then(|()| upload.commit());
            if end == Err(Refusal::Full) { Ok(()) } else { Err(format!("{end:?}")) }
        };
        thread::scope(|scope| scope.spawn(work).join().unwrap())
    };
    for call in [libc::SYS_write, libc::SYS_linkat] {
        if let Err(reason) = quota(call) {
            panic!("{reason}");
        }
    }
    assert_eq!(folder.all(), [""; 0]);
}

#[test]
fn what_belongs_to_others_stays_theirs() {
    if !Uid::effective().is_root() {
        skip!("only root can become somebody else");
    }
    let folder = Folder::new();
    for (name, text) in [("secret", "1"), ("theirs", "2"), ("sub/theirs", "3")] {
        folder.file(name, text);
    }
    let mode = |name: &str, mode| {
        fs::set_permissions(folder.path().join(name), Permissions::from_mode(mode)).unwrap();
    };
    mode("..", 0o755);
    mode("secret", 0o600);
    // As /tmp: everybody may add, nobody removes what is not his.
    mode("sub", 0o1777);
    ways(|_| {
        sandbox::become_nobody().unwrap();
        let store = folder.store(REPLACE);
        assert_eq!(get(&store, "secret"), Err(Refusal::Denied));
        assert_eq!(get(&store, "theirs").as_deref(), Ok("2"));
        assert_eq!(put(&store, "new", ""), Err(Refusal::Denied));
        assert_eq!(put(&store, "theirs", ""), Err(Refusal::Denied));
        assert_eq!(put(&store, "sub/theirs", ""), Err(Refusal::Denied));
        put(&store, "sub/ours", "4").unwrap();
        put(&store, "sub/ours", "5").unwrap();
        assert_eq!(fs::metadata(folder.path().join("sub/ours")).unwrap().uid(), 65534);
        assert_eq!(folder.all(), ["secret", "sub/ours", "sub/theirs", "theirs"]);
        assert_eq!(folder.text("sub/theirs"), "3");
    });
}
