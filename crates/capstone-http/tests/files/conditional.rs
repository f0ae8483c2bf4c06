//! RFC 9110, 13: every condition alone, and their order.

use std::time::{Duration, SystemTime};

use capstone_http::files::conditional::{Validators, Verdict, evaluate, range_holds};
use capstone_http::files::encoding::Coding::{Brotli, Gzip, Identity};
use capstone_http::files::{Facts, etag};
use capstone_http::message::fields::date;

use crate::scene::{MODIFIED, Scene, head};

const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

fn verdict(fields: &str) -> Verdict {
    let request = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", dates(fields));
    evaluate(&head(&request).fields, &ours())
}

fn holds(fields: &str, now: SystemTime) -> bool {
    let request = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", dates(fields));
    range_holds(&head(&request).fields, &ours(), now)
}

fn dates(fields: &str) -> String {
    fields.replace("BEFORE", BEFORE).replace("SAME", MODIFIED).replace("AFTER", AFTER)
}

fn ours() -> Validators<'static> {
    Validators { etag: "us", modified: date::parse(MODIFIED.as_bytes()) }
}

#[test]
fn the_conditions_and_their_order() {
    use Verdict::{Failed, Go, NotModified};
    for (fields, expected) in [
        ("", Go),
        // Step 1: strong comparison.
        ("If-Match: \"us\"\r\n", Go),
        ("If-Match: *\r\n", Go),
        ("If-Match: \"them\", \"us\"\r\n", Go),
        ("If-Match: \"them\"\r\nIf-Match: \"us\"\r\n", Go),
        ("If-Match: \"them\"\r\n", Failed),
        ("If-Match: W/\"us\"\r\n", Failed),
        ("If-Match: us\r\n", Failed),
        ("If-Match: \"them, \"\"us\"\r\n", Failed),
        // Step 2, and only without step 1.
        ("If-Unmodified-Since: SAME\r\n", Go),
        ("If-Unmodified-Since: AFTER\r\n", Go),
        ("If-Unmodified-Since: BEFORE\r\n", Failed),
        ("If-Unmodified-Since: yesterday\r\n", Go),
        ("If-Match: \"us\"\r\nIf-Unmodified-Since: BEFORE\r\n", Go),
        // Step 3: weak comparison.
        ("If-None-Match: \"us\"\r\n", NotModified),
        ("If-None-Match: W/\"us\"\r\n", NotModified),
        ("If-None-Match: *\r\n", NotModified),
        ("If-None-Match: \"a,b\", W/\"us\"\r\n", NotModified),
        ("If-None-Match: \"them\"\r\nIf-None-Match: \"us\"\r\n", NotModified),
        ("If-None-Match: \"them\"\r\n", Go),
        // Step 4, and only without step 3.
        ("If-Modified-Since: SAME\r\n", NotModified),
        ("If-Modified-Since: AFTER\r\n", NotModified),
        ("If-Modified-Since: BEFORE\r\n", Go),
        ("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", NotModified),
        ("If-Modified-Since: Sun Nov  6 08:49:37 1994\r\n", NotModified),
        ("If-Modified-Since: yesterday\r\n", Go),
        ("If-Modified-Since: SAME\r\nIf-Modified-Since: SAME\r\n", Go),
        ("If-None-Match: \"them\"\r\nIf-Modified-Since: SAME\r\n", Go),
        ("If-None-Match: \"us\"\r\nIf-Modified-Since: BEFORE\r\n", NotModified),
        // Steps 1 and 2 before 3 and 4.
        ("If-Match: \"them\"\r\nIf-None-Match: \"us\"\r\n", Failed),
        ("If-Match: \"us\"\r\nIf-None-Match: \"us\"\r\n", NotModified),
        ("If-Unmodified-Since: BEFORE\r\nIf-Modified-Since: SAME\r\n", Failed),
        ("If-Unmodified-Since: SAME\r\nIf-Modified-Since: SAME\r\n", NotModified),
    ] {
        assert_eq!(verdict(fields), expected, "{fields}");
    }
}

#[test]
fn nothing_is_known_of_a_file_without_a_date() {
    for name in ["If-Unmodified-Since", "If-Modified-Since"] {
        let request = format!("GET / HTTP/1.1\r\nHost: x\r\n{name}: {BEFORE}\r\n\r\n");
        let ours = Validators { etag: "us", modified: None };
        assert_eq!(evaluate(&head(&request).fields, &ours), Verdict::Go, "{name}");
    }
}

#[test]
fn a_range_is_of_what_the_client_has_or_not_at_all() {
    let modified = ours().modified.unwrap();
    let late = modified + Duration::from_secs(1);
    for (fields, now, expected) in [
        ("", late, true),
        ("If-Range: \"us\"\r\n", modified, true),
        ("If-Range: W/\"us\"\r\n", late, false),
        ("If-Range: \"them\"\r\n", late, false),
        ("If-Range: \"us\", \"them\"\r\n", late, false),
        ("If-Range: \"us\"\r\nIf-Range: \"us\"\r\n", late, false),
        ("If-Range: SAME\r\n", late, true),
        // It may still be written to in this second.
        ("If-Range: SAME\r\n", late - Duration::from_millis(1), false),
        ("If-Range: BEFORE\r\n", late, false),
        ("If-Range: AFTER\r\n", late, false),
        ("If-Range: us\r\n", late, false),
    ] {
        assert_eq!(holds(fields, now), expected, "{fields}");
    }
}

#[test]
fn a_304_has_the_fields_that_a_cache_needs_and_no_others() {
    let mut scene = Scene::new(&[("a.txt", "hello")]);
    let whole = scene.get("/a.txt", "");
    assert_eq!((whole.status, whole.text()), (200, "hello"));
    assert_eq!(whole.field("last-modified"), Some(MODIFIED));
    let etag = whole.field("etag").unwrap();
    let again = scene.get("/a.txt", &format!("If-None-Match: {etag}\r\n"));
    assert_eq!((again.status, again.text()), (304, ""));
    assert_eq!(again.field("etag"), Some(etag));
    let names: Vec<_> = again.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ETag", "Last-Modified"]);
    let failed = scene.get("/a.txt", "If-Match: \"other\"\r\n");
    assert_eq!((failed.status, failed.field("etag")), (412, None));
    assert_eq!(failed.text(), "412 Precondition Failed\n");
    // Conditions are for what exists (13.2.1).
    assert_eq!(scene.get("/b.txt", "If-None-Match: *\r\n").status, 404);
}

#[test]
fn a_file_from_the_future_was_modified_now() {
    let mut scene = Scene::new(&[("a", "")]);
    let file = std::fs::File::options().write(true).open(scene.path("a")).unwrap();
    file.set_modified(scene.now + Duration::from_hours(1)).unwrap();
    let now = date::text(scene.now);
    assert_eq!(scene.get("/a", "").field("last-modified").unwrap().as_bytes(), now);
    // A date of 1969 cannot be said.
    file.set_modified(SystemTime::UNIX_EPOCH - Duration::from_secs(1)).unwrap();
    scene.wait(Duration::from_secs(1));
    assert_eq!(scene.get("/a", "").field("last-modified"), None);
}

#[test]
fn a_tag_is_of_one_state_of_one_file_in_one_coding() {
    let facts = Facts { size: 1, seconds: 2, nanoseconds: 3, inode: 4, ..Facts::default() };
    let tags = [
        etag::of(&facts, Identity),
        etag::of(&facts, Gzip),
        etag::of(&facts, Brotli),
        etag::of(&Facts { size: 9, ..facts.clone() }, Identity),
        etag::of(&Facts { seconds: 9, ..facts.clone() }, Identity),
        etag::of(&Facts { seconds: -2, ..facts.clone() }, Identity),
        etag::of(&Facts { nanoseconds: 9, ..facts.clone() }, Identity),
        etag::of(&Facts { inode: 9, ..facts.clone() }, Identity),
    ];
    for (at, tag) in tags.iter().enumerate() {
        assert!(!tags[..at].contains(tag), "{tags:?}");
        assert!(tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'), "{tag}");
    }
}
