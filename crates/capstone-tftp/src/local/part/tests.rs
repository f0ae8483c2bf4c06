use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn it_goes_on_where_it_was_left_and_only_with_the_same_content() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("文件");
    let mut part = Part::of_version(&target, &[1, 2]).unwrap();
    part.write_all(b"begin").unwrap();
    drop(part);
    assert_eq!(names(folder.path()), [".文件.0102.part"]);
    assert_eq!(Part::of_version(&target, &[1, 3]).unwrap().size().unwrap(), 0);
    let mut part = Part::of_version(&target, &[1, 2]).unwrap();
    assert_eq!(part.size().unwrap(), 5);
    part.write_all(b"ning").unwrap();
    part.finish(false).unwrap();
    assert_eq!(names(folder.path()), ["文件"]);
    assert_eq!(fs::read(&target).unwrap(), b"beginning");
}

#[test]
fn what_cannot_be_gone_on_with_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut part = Part::of_no_version(&folder.path().join("a")).unwrap();
    part.write_all(b"begin").unwrap();
    drop(part);
    drop(Part::of_version(&folder.path().join("a"), &[0]).unwrap());
    assert!(names(folder.path()).is_empty());
}

#[test]
fn nobody_elses_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    let whole = |bytes: &[u8]| {
        let mut part = Part::of_version(&target, &[0]).unwrap();
        part.clear().unwrap();
        part.write_all(bytes).unwrap();
        part
    };
    let part = whole(b"theirs");
    // Somebody makes it in the meantime.
    fs::write(&target, "mine").unwrap();
    assert_eq!(part.finish(false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    whole(b"theirs").finish(true).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"theirs");
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn two_downloads_of_one_file_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    let _first = Part::of_version(&target, &[0]).unwrap();
    let second = Part::of_version(&target, &[0]).unwrap_err();
    assert_eq!(second.kind(), io::ErrorKind::ResourceBusy);
}

#[test]
fn a_link_that_lies_in_the_way_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (target, trap) = (folder.path().join("a"), folder.path().join("trap"));
    std::os::unix::fs::symlink(&trap, beside(&target, "00")).unwrap();
    assert!(Part::of_version(&target, &[0]).is_err());
    assert!(!trap.exists());
}

#[test]
fn names_are_as_long_as_names_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("n".repeat(NAME_MAX));
    let mut part = Part::of_version(&target, &[7; 40]).unwrap();
    part.write_all(b"x").unwrap();
    part.finish(false).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"x");
}

#[test]
fn a_whole_file_ends_the_beginnings_of_its_other_versions() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    let begun = |target: &Path, version| {
        let mut part = Part::of_version(target, &[version]).unwrap();
        part.write_all(b"begin").unwrap();
        part
    };
    drop(begun(&target, 1));
    drop(begun(&folder.path().join("ab"), 1));
    // Somebody is writing to this one.
    let _under_way = begun(&target, 2);
    begun(&target, 3).finish(false).unwrap();
    assert_eq!(names(folder.path()), [".a.02.part", ".ab.01.part", "a"]);
}
