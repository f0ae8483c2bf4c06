//! Ten thousand descriptors. A test binary of its own, because it raises the process's limit.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::os::fd::AsFd as _;

use common::Watch;
use multiplex::{Backend, Deadline, Error, Interest, Ready, Waker};
use syscall::Errno;

/// One after the other: two of these at a time would need 20,000 descriptors.
#[test]
fn ten_thousand_descriptors() {
    const COUNT: u32 = 10_000;
    if let Err(reason) = testkit::need::descriptors(u64::from(COUNT) + 100) {
        testkit::skip!("{reason}");
    }
    // Wakers are eventfds: one descriptor each, made ready by a call.
    let all: Vec<_> = (0..COUNT).map(|_| Waker::new().unwrap()).collect();
    for backend in [Backend::Poll, Backend::Epoll, Backend::Mio] {
        let mut watch = Watch::new(backend);
        for (token, waker) in (0..).zip(&all) {
            watch.add(waker, token, Interest::READABLE);
        }
        assert_eq!(watch.ready(), [], "{backend}");

        let some = [0, 1, 1023, 1024, 5000, COUNT - 1];
        for &at in &some {
            all[at as usize].wake().unwrap();
        }
        assert_eq!(watch.ready(), some.map(|at| (at, Ready::READABLE)), "{backend}");

        // All of them: however many a wait gives, none is left out and none comes twice before
        // it was dealt with.
        for waker in &all {
            waker.wake().unwrap();
        }
        let mut seen = vec![false; COUNT as usize];
        while seen.contains(&false) {
            let events = watch.wait(Deadline::Now);
            assert!(!events.is_empty(), "{backend}: {seen:?}");
            for event in events {
                let at = event.token.0 as usize;
                assert!(!std::mem::replace(&mut seen[at], true), "{backend}: {at} came twice");
                all[at].drain().unwrap();
            }
        }
        assert_eq!(watch.ready(), [], "{backend}");
        for waker in &all {
            watch.0.remove(waker.as_fd()).unwrap();
        }
        let error = watch.0.remove(all[0].as_fd()).unwrap_err();
        assert_eq!(error.errno(), Errno::ENOENT, "{backend}");
    }

    // select says no at the first number that it has no room for, and keeps the others.
    let mut watch = Watch::new(Backend::Select);
    let mut taken = 0;
    for (token, waker) in (0..).zip(&all) {
        let (fd, level) = (waker.as_fd(), multiplex::Trigger::Level);
        match watch.0.register(fd, multiplex::Token(token), Interest::READABLE, level) {
            Ok(()) => taken += 1,
            Err(Error::NumberTooLarge { limit, .. }) => assert_eq!(limit, 1024),
            Err(error) => panic!("{error}"),
        }
    }
    assert!((900..1024).contains(&taken), "{taken}");
    all[0].wake().unwrap();
    assert_eq!(watch.ready(), [(0, Ready::READABLE)]);
}
