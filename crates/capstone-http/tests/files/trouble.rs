//! The kernel refuses to look for a name.

use std::thread;

use nix::errno::Errno;
use testkit::sandbox::Filter;

use capstone_http::files::FRESH;

use crate::scene::Scene;

/// Asks for files that could be had before: the status, whether a time to come back is named, and
/// how many files are kept open then.
fn refused(errno: Errno, expected: (u16, bool, usize)) {
    let work = move || {
        let mut scene = Scene::new(&[("a", "hello"), ("large", &"x".repeat(20_000))]);
        assert_eq!((scene.get("/a", "").status, scene.get("/large", "").status), (200, 200));
        // A filter is its thread's, for good.
        if let Err(error) = Filter::new().refuse(libc::SYS_openat2, errno).install() {
            testkit::skip!("no filter: {error}");
        }
        // What is in the cache can be had for its second.
        assert_eq!(scene.get("/large", "").text().len(), 20_000);
        scene.wait(FRESH);
        let reply = scene.get("/a", "");
        let later = reply.field("retry-after").is_some();
        assert_eq!((reply.status, later, scene.cache.kept().files), expected, "{errno}");
    };
    thread::spawn(work).join().unwrap();
}

#[test]
fn what_may_be_better_soon_is_503_and_descriptors_are_given_back() {
    for errno in [Errno::EMFILE, Errno::ENFILE, Errno::ENOMEM] {
        refused(errno, (503, true, 0));
    }
}

#[test]
fn what_is_forbidden_and_a_broken_disk() {
    refused(Errno::EACCES, (403, false, 1));
    refused(Errno::EIO, (500, false, 1));
}
