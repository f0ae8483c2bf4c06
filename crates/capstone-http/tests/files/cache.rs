//! What is kept, for how long, and how much of it.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use capstone_http::files::{Amount, Answer, Cache, FRESH, Options, Piece};

use crate::scene::{Scene, head};

const ALMOST: Duration = FRESH.saturating_sub(Duration::from_millis(1));
const REST: Duration = Duration::from_millis(1);

#[test]
fn a_file_that_is_replaced_is_stale_for_a_second_at_most() {
    let large = "x".repeat(20_000);
    for (old, new) in [("old", "new"), (&*large, &*large.replace('x', "y"))] {
        let mut scene = Scene::new(&[("a", old)]);
        let first = scene.get("/a", "");
        // With the same size and the same time: another file all the same.
        scene.write("b", new);
        fs::rename(scene.path("b"), scene.path("a")).unwrap();
        scene.wait(ALMOST);
        let stale = scene.get("/a", "");
        assert_eq!((stale.text(), &stale.fields), (old, &first.fields));
        scene.wait(REST);
        let fresh = scene.get("/a", "");
        assert_eq!(fresh.text(), new);
        assert_ne!(fresh.field("etag"), first.field("etag"));
        fs::remove_file(scene.path("a")).unwrap();
        scene.wait(FRESH);
        assert_eq!(scene.get("/a", "").status, 404);
        // What is not there is asked for each time.
        scene.write("a", "back");
        assert_eq!(scene.get("/a", "").text(), "back");
    }
}

#[test]
fn a_file_that_is_written_to_in_place_is_another() {
    let mut scene = Scene::new(&[("a", "old")]);
    let etag = scene.get("/a", "").field("etag").unwrap().to_owned();
    let file = File::options().write(true).open(scene.path("a")).unwrap();
    file.write_all_at(b"new", 0).unwrap();
    scene.wait(FRESH);
    let reply = scene.get("/a", &format!("If-None-Match: {etag}\r\n"));
    assert_eq!((reply.status, reply.text()), (200, "new"));
}

#[test]
fn a_clock_that_is_set_back_makes_everything_stale() {
    let mut scene = Scene::new(&[("a", "old")]);
    assert_eq!(scene.get("/a", "").text(), "old");
    scene.write("a", "newer");
    scene.now -= Duration::from_hours(1);
    assert_eq!(scene.get("/a", "").text(), "newer");
}

/// The descriptor is the answer's: it sends what it has announced, whatever has the name by now.
#[test]
fn an_answer_keeps_its_file() {
    let mut scene = Scene::new(&[("a", &"x".repeat(20_000))]);
    let mut answer = Answer::default();
    let request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    scene.site.answer(&head(request), scene.now, &mut scene.cache, &mut answer);
    fs::remove_file(scene.path("a")).unwrap();
    scene.write("a", &"y".repeat(20_000));
    scene.cache = Cache::default();
    let [Piece::File(file, range)] = &answer.body[..] else { panic!("{answer:?}") };
    assert_eq!(*range, 0..20_000);
    let mut bytes = vec![0; 20_000];
    file.read_exact_at(&mut bytes, 0).unwrap();
    assert!(bytes.iter().all(|&byte| byte == b'x'));
}

#[test]
fn small_files_are_kept_as_bytes_and_large_ones_open() {
    let options = Options { small: 10, ..Options::default() };
    let (small, large) = ("x".repeat(10), "x".repeat(11));
    let mut scene = Scene::with(&[("small", &*small), ("large", &*large), ("empty", "")], options);
    for name in ["small", "empty"] {
        assert_eq!(scene.get(&format!("/{name}"), "").status, 200);
        assert_eq!(scene.cache.kept().files, 0, "{name}");
    }
    assert_eq!(scene.get("/large", "").text(), large);
    assert_eq!(scene.cache.kept().files, 1);
}

#[test]
fn no_more_than_the_limits_is_kept() {
    let names: Vec<String> = (0..100).map(|n| format!("f{n}")).collect();
    let text = "x".repeat(100);
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    let any = Amount { entries: usize::MAX, files: usize::MAX, bytes: usize::MAX };
    for (limits, small) in [
        (Amount { entries: 10, ..any }, 1000),
        (Amount { files: 10, ..any }, 0),
        (Amount { bytes: 10_000, ..any }, 1000),
        // Each generation has one.
        (Amount { entries: 2, files: 2, bytes: 0 }, 0),
    ] {
        let mut scene = Scene::with(&files, Options { small, ..Options::default() });
        scene.cache = Cache::new(limits);
        for name in names.iter().chain(&names) {
            assert_eq!(scene.get(&format!("/{name}"), "").text(), text);
            let kept = scene.cache.kept();
            assert!(kept.entries <= limits.entries, "{kept:?}");
            assert!(kept.files <= limits.files, "{kept:?}");
            assert!(kept.bytes <= limits.bytes.max(2_000), "{kept:?}");
        }
        assert!(scene.cache.kept().entries > 1, "{limits:?}");
    }
}

#[test]
fn what_nobody_asks_for_is_forgotten() {
    let mut scene = Scene::new(&[("a", &"x".repeat(20_000)), ("b", &"x".repeat(20_000))]);
    assert_eq!(scene.get("/a", "").status, 200);
    for _ in 0..40 {
        scene.wait(FRESH);
        assert_eq!(scene.get("/b", "").status, 200);
    }
    assert_eq!(scene.cache.kept().files, 1, "/a is not kept open for ever");
    for _ in 0..2 {
        scene.wait(Duration::from_mins(1));
        scene.cache.tidy(scene.now);
    }
    assert_eq!(scene.cache.kept(), Amount::default());
}
