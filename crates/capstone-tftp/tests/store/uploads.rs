//! A file appears whole, once, and within the limits.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::sync::Barrier;
use std::thread;

use capstone_tftp::store::{Refusal, Rules};

use crate::common::{Folder, REPLACE, get, put, ways};

#[test]
fn an_upload_appears_whole_or_not_at_all() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(Rules::default());
        for name in ["a", "sub/b"] {
            let mut upload = store.write(name.as_bytes(), None).unwrap();
            upload.append(b"first, ").unwrap();
            assert_eq!(store.list().unwrap(), []);
            assert_eq!(get(&store, name), Err(Refusal::NotFound));
            upload.append(b"second").unwrap();
            drop(upload);
            assert_eq!(folder.all(), [""; 0], "nothing remains");
            put(&store, name, &"whole".repeat(1000)).unwrap();
            assert_eq!(folder.all(), [name]);
            assert_eq!(get(&store, name).unwrap(), "whole".repeat(1000));
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        put(&store, "empty", "").unwrap();
        assert_eq!((folder.all(), folder.text("empty").as_str()), (vec!["empty".to_owned()], ""));
        fs::remove_file(folder.path().join("empty")).unwrap();
    });
}

#[test]
fn a_name_that_is_taken_is_refused_at_both_ends() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(Rules::default());
        let late = store.write(b"a", None).unwrap();
        put(&store, "a", "first").unwrap();
        assert_eq!(store.write(b"a", None).unwrap_err(), Refusal::Exists);
        assert_eq!(store.write(b"sub", None).unwrap_err(), Refusal::Exists);
        assert_eq!(late.commit(), Err(Refusal::Exists));
        assert_eq!((folder.all(), folder.text("a").as_str()), (vec!["a".to_owned()], "first"));
        fs::remove_file(folder.path().join("a")).unwrap();
    });
}

#[test]
fn where_uploads_replace_the_last_one_stays_and_readers_keep_theirs() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(REPLACE);
        put(&store, "a", "old old old").unwrap();
        let mut old = store.read(b"a").unwrap();
        old.file.read_exact(&mut [0; 4]).unwrap();
        let one = store.write(b"a", None).unwrap();
        let mut other = store.write(b"a", None).unwrap();
        other.append(b"new").unwrap();
        other.commit().unwrap();
        assert_eq!(get(&store, "a").unwrap(), "new");
        one.commit().unwrap();
        assert_eq!((folder.all(), folder.text("a").as_str()), (vec!["a".to_owned()], ""));
        let mut rest = String::new();
        old.file.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "old old");
        // A folder is not replaced, also when it comes at the last moment.
        assert_eq!(put(&store, "sub", "text"), Err(Refusal::NotOrdinary));
        let late = store.write(b"late", None).unwrap();
        fs::create_dir(folder.path().join("late")).unwrap();
        assert_eq!(late.commit(), Err(Refusal::NotOrdinary));
        fs::remove_dir(folder.path().join("late")).unwrap();
        assert_eq!(folder.all(), ["a"]);
    });
}

#[test]
fn of_many_at_once_one_wins() {
    let folder = Folder::new();
    ways(|way| {
        for rules in [Rules::default(), REPLACE] {
            let store = folder.store(rules);
            let together = Barrier::new(8);
            let won = thread::scope(|scope| {
                let tasks: Vec<_> = (0..8)
                    .map(|number: u8| {
                        let (store, together) = (&store, &together);
                        scope.spawn(move || {
                            // A filter is its thread's, and its children's: this one has it.
                            let mut upload = store.write(b"a", None).unwrap();
                            upload.append(&[number; 5000]).unwrap();
                            together.wait();
                            upload.commit()
                        })
                    })
                    .collect();
                let ends = tasks.into_iter().map(|task| task.join().unwrap());
                ends.filter(|end| {
                    *end == Ok(()) || {
                        assert_eq!(*end, Err(Refusal::Exists));
                        false
                    }
                })
                .count()
            });
            assert_eq!(won, if rules.overwrite { 8 } else { 1 }, "{way:?}");
            let bytes = fs::read(folder.path().join("a")).unwrap();
            assert!(bytes.len() == 5000 && bytes.iter().all(|byte| *byte == bytes[0]));
            assert_eq!(folder.all(), ["a"]);
            fs::remove_file(folder.path().join("a")).unwrap();
        }
    });
}

#[test]
fn no_upload_is_longer_than_allowed() {
    let folder = Folder::new();
    let store = folder.store(Rules { longest: 10, ..Rules::default() });
    assert_eq!(store.write(b"a", Some(11)).unwrap_err(), Refusal::TooLarge);
    assert_eq!(store.write(b"a", Some(u64::MAX)).unwrap_err(), Refusal::TooLarge);
    // Whatever was announced.
    for announced in [None, Some(0), Some(10)] {
        let mut upload = store.write(b"a", announced).unwrap();
        upload.append(b"0123456789").unwrap();
        upload.append(b"").unwrap();
        assert_eq!(upload.append(b"x"), Err(Refusal::TooLarge));
        drop(upload);
    }
    assert_eq!(folder.all(), [""; 0]);
    assert_eq!(put(&store, "a", "0123456789"), Ok(()));
}

#[test]
fn no_folder_gets_more_names_than_allowed() {
    let folder = Folder::new();
    // `sub` is the first.
    let store = folder.store(Rules { files: 3, overwrite: true, ..Rules::default() });
    put(&store, "a", "").unwrap();
    let late = store.write(b"late", None).unwrap();
    put(&store, "b", "").unwrap();
    assert_eq!(put(&store, "c", ""), Err(Refusal::TooMany));
    assert_eq!(late.commit(), Err(Refusal::TooMany));
    assert_eq!(put(&store, "b", "replaced"), Ok(()));
    assert_eq!(put(&store, "sub/a", "each folder by itself"), Ok(()));
    fs::remove_file(folder.path().join("a")).unwrap();
    assert_eq!(put(&store, "c", ""), Ok(()));
    assert_eq!(folder.all(), ["b", "c", "sub/a"]);
}

#[test]
fn nor_when_many_end_at_the_same_moment() {
    let folder = Folder::new();
    // To count them takes long enough for others to do so, too.
    for number in 0..999 {
        folder.file(&format!("old-{number}"), "");
    }
    ways(|way| {
        // Those, `sub`, and five more.
        let store = folder.store(Rules { files: 1005, ..Rules::default() });
        let together = Barrier::new(16);
        let won = thread::scope(|scope| {
            let tasks: Vec<_> = (0..16)
                .map(|number| {
                    let (store, together) = (&store, &together);
                    scope.spawn(move || {
                        let upload = store.write(format!("{number}").as_bytes(), None).unwrap();
                        together.wait();
                        upload.commit()
                    })
                })
                .collect();
            tasks.into_iter().filter_map(|task| task.join().unwrap().ok()).count()
        });
        let new: Vec<_> =
            folder.all().into_iter().filter(|name| !name.starts_with("old-")).collect();
        assert_eq!((won, new.len()), (5, 5), "{way:?}");
        for name in new {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
    });
}

#[test]
fn another_content_is_another_version() {
    let folder = Folder::new();
    let store = folder.store(REPLACE);
    let version = || store.read(b"a").unwrap().version;
    put(&store, "a", "content").unwrap();
    let first = version();
    assert_eq!(first, version());
    put(&store, "a", "content").unwrap();
    let second = version();
    assert_ne!(first.to_bytes(), second.to_bytes());
    // In place, of the same length, and with the old time on it.
    let path = folder.path().join("a");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    testkit::until("the clock of the file system goes on", || {
        let mut file = File::options().write(true).open(&path).unwrap();
        file.write_all(b"CONTENT").unwrap();
        file.set_modified(modified).unwrap();
        (version() != second).then_some(())
    });
}
