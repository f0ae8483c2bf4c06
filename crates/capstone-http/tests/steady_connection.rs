//! A request in steady state allocates nothing, in the whole server: with a counting allocator, and
//! therefore alone in its process. The client's side allocates nothing either.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use capstone_http::connection::Service;
use capstone_http::files::{self, Site};
use capstone_http::log::AccessLog;
use capstone_http::server::{self, Model, Options};

struct Counting;

static ALLOCATED: AtomicU64 = AtomicU64::new(0);

// SAFETY: it hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: our caller's promises are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: it came from there.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// So many requests; the least of some rounds, because a cache looks at its files every second.
const REQUESTS: usize = 1000;

fn least(mut round: impl FnMut()) -> u64 {
    let count = |round: &mut dyn FnMut()| {
        let before = ALLOCATED.load(Ordering::Relaxed);
        round();
        ALLOCATED.load(Ordering::Relaxed) - before
    };
    (0..20).map(|_| count(&mut round)).min().unwrap()
}

#[test]
fn a_request_allocates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small"), [b'x'; 1024]).unwrap();
    std::fs::write(folder.path().join("large"), vec![b'x'; 100_000]).unwrap();
    let listeners = server::listen("127.0.0.1:0".parse().unwrap(), 1).unwrap();
    let at = listeners[0].local_addr().unwrap();
    let site = Site::open(folder.path(), files::Options::default()).unwrap();
    let mut service = Service::new(site).unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    service.log = Some(AccessLog::behind(log, |_| ()).unwrap());
    let stopper = ::server::Stopper::new().unwrap();
    let options = Options::of(Model::Epoll);
    let mut found = Vec::new();
    let served = thread::scope(|scope| {
        let serving = scope.spawn(|| server::serve(listeners, service, &options, &stopper));
        for (request, times) in [
            ("GET /small HTTP/1.1\r\nHost: h\r\n\r\n", 1),
            // Pipelined: many answers in one write.
            ("GET /small HTTP/1.1\r\nHost: h\r\n\r\n", 16),
            ("GET /large HTTP/1.1\r\nHost: h\r\n\r\n", 1),
        ] {
            let mut stream = TcpStream::connect(at).unwrap();
            let said = request.repeat(times);
            let mut bytes = vec![0; 4 << 20];
            stream.write_all(said.as_bytes()).unwrap();
            // The length of the answers, found out by the first ones.
            stream.set_read_timeout(Some(std::time::Duration::from_millis(500))).unwrap();
            let mut length = 0;
            while let Ok(n) = stream.read(&mut bytes) {
                length += n;
            }
            stream.set_read_timeout(Some(testkit::LIMIT)).unwrap();
            let allocated = least(|| {
                for _ in 0..REQUESTS / times {
                    stream.write_all(said.as_bytes()).unwrap();
                    stream.read_exact(&mut bytes[..length]).unwrap();
                }
            });
            found.push((allocated, times, request));
        }
        stopper.stop().unwrap();
        serving.join().unwrap()
    });
    assert_eq!(served.unwrap().clients, 3);
    assert!(found.iter().all(|(allocated, ..)| *allocated == 0), "{found:?}");
}
