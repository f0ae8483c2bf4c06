//! A request for what is in the cache makes no system call and allocates nothing.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::thread;
use std::time::SystemTime;

use capstone_http::files::{Answer, Cache, Options, Site};
use capstone_http::message::{Limits, Parsed, parse};
use testkit::sandbox::Filter;

/// The system's allocator, and a number for each thread.
struct Counting;

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: each call is passed on as it is, and the counter is a plain number that needs neither
// memory nor a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.set(ALLOCATED.get() + 1);
        // SAFETY: the caller's promises are those that it needs.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATED.set(ALLOCATED.get() + 1);
        // SAFETY: as above.
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(old, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

const REQUESTS: [&str; 8] = [
    "GET /small HTTP/1.1\r\nHost: x\r\n\r\n",
    "HEAD /small HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /small HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br;q=0.5\r\n\r\n",
    "GET /small HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n",
    "GET /small HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
    "GET /large HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /%6Carge?x HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n",
];

#[test]
fn a_hit_costs_no_call_and_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (name, size) in [("small", 1000), ("small.gz", 100), ("large", 100_000), ("index.html", 0)]
    {
        fs::write(folder.path().join(name), "x".repeat(size)).unwrap();
    }
    let site = Site::open(folder.path(), Options::default()).unwrap();
    let now = SystemTime::now();
    // A filter is its thread's, for good.
    let work = || {
        let (mut cache, mut answer) = (Cache::default(), Answer::default());
        let mut ask = |request: &str| {
            let parsed = parse(request.as_bytes(), &Limits::default()).unwrap();
            let Parsed::Done { head, .. } = parsed else { panic!("{request}") };
            site.answer(&head, now, &mut cache, &mut answer);
            (answer.status.code(), answer.head.len(), answer.body.len())
        };
        let first = REQUESTS.map(&mut ask);
        let calls = [libc::SYS_openat2, libc::SYS_openat, libc::SYS_statx, libc::SYS_fstat];
        let refuse = |filter: Filter, &call| filter.refuse(call, nix::errno::Errno::EIO);
        let blind = calls.iter().fold(Filter::new(), refuse).install();
        let before = ALLOCATED.get();
        let second = REQUESTS.map(&mut ask);
        let allocated = ALLOCATED.get() - before;
        assert_eq!(first, second);
        assert_eq!(allocated, 0);
        match blind {
            Ok(()) => assert_eq!(ask("GET /b HTTP/1.1\r\nHost: x\r\n\r\n").0, 500),
            Err(error) => testkit::skip!("no filter: {error}"),
        }
    };
    thread::scope(|scope| scope.spawn(work).join().unwrap());
}
