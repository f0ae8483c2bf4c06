//! What a killed server leaves, and the next one sweeps.

use std::fs::{self, File};

use capstone_tftp::store::Rules;

use crate::common::{Folder, REPLACE, put, ways};

#[test]
fn what_the_dead_have_left_is_swept_and_nothing_else() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join("sub/deep/er")).unwrap();
    fs::create_dir(folder.path().join(".capstone-tftp-folder")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("sub/round")).unwrap();
    let dead = [".capstone-tftp-1-0", "sub/.capstone-tftp-99-7", "sub/deep/er/.capstone-tftp-1-0"];
    let others = [".capstone-tftp-folder/x", ".hidden", "a", "sub/capstone-tftp-1-0"];
    ways(|_| {
        for name in dead.iter().chain(&others) {
            folder.file(name, "");
        }
        // One is somebody's who lives.
        folder.file(".capstone-tftp-2-0", "");
        let living = File::open(folder.path().join(".capstone-tftp-2-0")).unwrap();
        living.lock().unwrap();
        drop(folder.store(Rules { writable: false, ..Rules::default() }));
        assert_eq!(folder.all().len(), 9, "who may not write sweeps nothing");
        drop(folder.store(Rules::default()));
        let mut left: Vec<_> = others.iter().map(ToString::to_string).collect();
        left.extend([".capstone-tftp-2-0", "sub/round"].map(str::to_owned));
        left.sort();
        assert_eq!(folder.all(), left);
        drop(living);
        drop(folder.store(Rules::default()));
        assert_eq!(folder.all().len(), 5);
        for name in others {
            assert!(folder.path().join(name).exists(), "{name}");
        }
    });
}

#[test]
fn a_living_upload_outlives_the_start_of_another_server() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(REPLACE);
        let mut upload = store.write(b"a", None).unwrap();
        upload.append(b"to be").unwrap();
        let other = folder.store(REPLACE);
        upload.append(b" continued").unwrap();
        upload.commit().unwrap();
        assert_eq!(
            (folder.all(), folder.text("a").as_str()),
            (vec!["a".to_owned()], "to be continued")
        );
        drop(other);
        fs::remove_file(folder.path().join("a")).unwrap();
    });
}

/// Also while others start over and over, in the moment between a draft's name and its lock.
#[test]
fn uploads_and_sweeps_at_once() {
    let folder = Folder::new();
    ways(|_| {
        let store = folder.store(REPLACE);
        std::thread::scope(|scope| {
            let uploads = scope.spawn(|| {
                for number in 0..300 {
                    put(&store, "a", &format!("{number}")).unwrap();
                }
            });
            while !uploads.is_finished() {
                drop(folder.store(REPLACE));
            }
        });
        assert_eq!((folder.all(), folder.text("a").as_str()), (vec!["a".to_owned()], "299"));
    });
}
