//! The suite that makes the four back ends siblings: every case runs on each of them. Where the
//! kernel makes a difference, the case asks `can` and `names` and expects what they promise.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use common::{Watch, move_to, on_all_back_ends, stale, while_asleep};
use multiplex::{Backend, Deadline, Error, Event, Interest, Names, Ready, Token, Trigger, Waker};
use socket2::{Domain, SockRef, Socket, Type};

on_all_back_ends!(
    reports_exactly_what_is_ready,
    reports_exactly_what_was_asked_for,
    level_repeats_until_it_is_read,
    edge_reports_a_change_once,
    registering_twice_is_an_error,
    unknown_descriptors_are_an_error,
    a_closed_descriptor_is_an_error_and_disturbs_nobody,
    a_reused_number_is_another_descriptor,
    an_unremoved_number_that_is_reused,
    a_dup_keeps_a_closed_descriptor_registered,
    interest_can_change_and_rest,
    a_parked_descriptor_hides_even_a_hang_up,
    zero_looks_and_comes_back,
    a_deadline_is_waited_for_whole,
    negative_waits_for_an_event,
    the_longest_timeouts_do_not_wrap,
    an_empty_poller_still_waits,
    hang_up_with_unread_data,
    hang_up_without_unread_data,
    a_reset_is_readable_and_tells_why,
    a_pipe_without_its_other_end,
    a_refused_connect_is_writable_and_tells_why,
    urgent_data_is_priority,
    numbers_above_a_set,
    files_that_never_wait,
    a_waker_ends_a_wait,
    a_slot_is_free_again_after_remove,
);

const READ: Interest = Interest::READABLE;
const WRITE: Interest = Interest::WRITABLE;

/// Every case takes its numbers from here, so that no two of them share one.
fn own_number() -> RawFd {
    static NEXT: AtomicI32 = AtomicI32::new(800);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn pair() -> (UnixStream, UnixStream) {
    UnixStream::pair().unwrap()
}

fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

fn reports_exactly_what_is_ready(backend: Backend) {
    let mut watch = Watch::new(backend);
    let pairs: Vec<_> = (0..6).map(|_| pair()).collect();
    for (token, (ours, _)) in (0..).zip(&pairs) {
        watch.add(ours, token, READ);
    }
    assert_eq!(watch.ready(), []);
    (&pairs[4].1).write_all(b"x").unwrap();
    (&pairs[1].1).write_all(b"xx").unwrap();
    assert_eq!(watch.ready(), [(1, Ready::READABLE), (4, Ready::READABLE)]);
    (&pairs[1].0).read_exact(&mut [0; 2]).unwrap();
    assert_eq!(watch.ready(), [(4, Ready::READABLE)]);
    for (ours, _) in &pairs {
        watch.0.remove(ours.as_fd()).unwrap();
    }
    assert_eq!(watch.ready(), [], "nothing is watched any more");
}

fn reports_exactly_what_was_asked_for(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    (&theirs).write_all(b"x").unwrap();
    watch.add(&ours, 7, READ);
    assert_eq!(watch.ready(), [(7, Ready::READABLE)]);
    watch.change(&ours, 8, WRITE);
    assert_eq!(watch.ready(), [(8, Ready::WRITABLE)]);
    watch.change(&ours, u32::MAX, READ | WRITE);
    assert_eq!(watch.ready(), [(u32::MAX, Ready::READABLE | Ready::WRITABLE)], "once, with both");

    // A full buffer is not writable, and readable is another question.
    ours.set_nonblocking(true).unwrap();
    while (&ours).write(&[0; 4096]).is_ok() {}
    assert_eq!(watch.ready(), [(u32::MAX, Ready::READABLE)]);
}

fn level_repeats_until_it_is_read(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    (&theirs).write_all(b"abc").unwrap();
    for left in (0..3).rev() {
        assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
        assert_eq!(watch.ready(), [(1, Ready::READABLE)], "nothing was read in between");
        (&ours).read_exact(&mut [0]).unwrap();
        assert_eq!(watch.ready().len(), usize::from(left > 0), "{left} bytes are left");
    }
}

fn edge_reports_a_change_once(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    let done = watch.0.register(ours.as_fd(), Token(1), READ, Trigger::Edge);
    if !watch.0.can(Trigger::Edge) {
        assert_eq!(done, Err(Error::NoSuchTrigger(Trigger::Edge)));
        watch.add(&ours, 1, READ);
        let done = watch.0.modify(ours.as_fd(), Token(1), READ, Trigger::Edge);
        assert_eq!(done, Err(Error::NoSuchTrigger(Trigger::Edge)));
        return;
    }
    (&theirs).write_all(b"ab").unwrap();
    assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
    assert_eq!(watch.ready(), [], "unread data is no change");
    (&ours).read_exact(&mut [0]).unwrap();
    assert_eq!(watch.ready(), [], "a rest is no change: this is the lost wake-up");
    (&theirs).write_all(b"c").unwrap();
    assert_eq!(watch.ready(), [(1, Ready::READABLE)], "new data is one");
    watch.0.modify(ours.as_fd(), Token(2), READ, Trigger::Edge).unwrap();
    assert_eq!(watch.ready(), [(2, Ready::READABLE)], "modify arms it again");
    watch.change(&ours, 3, READ);
    assert_eq!(watch.ready(), [(3, Ready::READABLE)]);
    assert_eq!(watch.ready(), [(3, Ready::READABLE)], "it is a level trigger now");
}

fn registering_twice_is_an_error(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    let twice = watch.0.register(ours.as_fd(), Token(2), WRITE, Trigger::Level);
    assert_eq!(twice, Err(Error::AlreadyRegistered(ours.as_raw_fd())));
    assert_eq!(twice.unwrap_err().errno(), syscall::Errno::EEXIST);
    (&theirs).write_all(b"x").unwrap();
    assert_eq!(watch.ready(), [(1, Ready::READABLE)], "the first registration stands");
}

fn unknown_descriptors_are_an_error(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    let unknown = Err(Error::NotRegistered(ours.as_raw_fd()));
    assert_eq!(watch.0.modify(ours.as_fd(), Token(1), READ, Trigger::Level), unknown);
    assert_eq!(watch.0.remove(ours.as_fd()), unknown);
    watch.add(&theirs, 1, READ);
    watch.0.remove(theirs.as_fd()).unwrap();
    let unknown = Err(Error::NotRegistered(theirs.as_raw_fd()));
    assert_eq!(watch.0.remove(theirs.as_fd()), unknown, "removed twice");
}

fn a_closed_descriptor_is_an_error_and_disturbs_nobody(backend: Backend) {
    let mut watch = Watch::new(backend);
    let number = own_number();
    let (ours, theirs) = pair();
    let ours = move_to(ours, number);
    watch.add(&ours, 1, READ);
    let (other, other_peer) = pair();
    watch.add(&other, 2, READ);
    (&theirs).write_all(b"x").unwrap();
    (&other_peer).write_all(b"x").unwrap();
    drop(ours);
    let gone = Err(Error::NotOpen(number));
    assert_eq!(watch.0.modify(stale(number), Token(1), READ, Trigger::Level), gone);
    assert_eq!(watch.0.remove(stale(number)), gone);
    assert_eq!(watch.0.register(stale(number), Token(1), READ, Trigger::Level), gone);
    assert_eq!(watch.ready(), [(2, Ready::READABLE)]);
    assert_eq!(watch.ready(), [(2, Ready::READABLE)]);
}

fn a_reused_number_is_another_descriptor(backend: Backend) {
    let mut watch = Watch::new(backend);
    let number = own_number();
    let (first, first_peer) = pair();
    let first = move_to(first, number);
    watch.add(&first, 1, READ);
    drop(first);
    let (second, second_peer) = pair();
    let second = move_to(second, number);
    let unknown = Err(Error::NotRegistered(number));
    assert_eq!(watch.0.modify(second.as_fd(), Token(2), READ, Trigger::Level), unknown);
    assert_eq!(watch.0.remove(second.as_fd()), unknown);
    watch.add(&second, 2, READ);
    assert!((&first_peer).write_all(b"x").is_err(), "its other end is closed");
    assert_eq!(watch.ready(), []);
    (&second_peer).write_all(b"x").unwrap();
    assert_eq!(watch.ready(), [(2, Ready::READABLE)]);
    watch.0.remove(second.as_fd()).unwrap();
    assert_eq!(watch.ready(), []);
}

/// The price of naming by number, and why `remove` comes before close.
fn an_unremoved_number_that_is_reused(backend: Backend) {
    let mut watch = Watch::new(backend);
    let number = own_number();
    let (first, _first_peer) = pair();
    let first = move_to(first, number);
    watch.add(&first, 1, READ);
    drop(first);
    let (second, second_peer) = pair();
    let _second = move_to(second, number);
    (&second_peer).write_all(b"x").unwrap();
    let expected: &[_] = match watch.0.names() {
        Names::Number => &[(1, Ready::READABLE)],
        Names::OpenFile => &[],
    };
    assert_eq!(watch.ready(), expected);
}

/// The trap of naming by open file: close(2) ends the descriptor, not the file.
fn a_dup_keeps_a_closed_descriptor_registered(backend: Backend) {
    let mut watch = Watch::new(backend);
    let number = own_number();
    let (ours, theirs) = pair();
    let ours = move_to(ours, number);
    let dup = ours.try_clone().unwrap();
    watch.add(&ours, 1, READ);
    drop(ours);
    (&theirs).write_all(b"x").unwrap();
    match watch.0.names() {
        Names::Number => assert_eq!(watch.ready(), []),
        Names::OpenFile => {
            assert_eq!(watch.ready(), [(1, Ready::READABLE)], "the dup keeps it alive");
            let gone = Err(Error::NotOpen(number));
            assert_eq!(watch.0.remove(stale(number)), gone, "and nobody can remove it");
            (&theirs).write_all(b"x").unwrap();
            assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
            drop(dup);
            assert_eq!(watch.ready(), [], "the last descriptor of the file is closed");
        }
    }
}

fn interest_can_change_and_rest(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, Interest::empty());
    assert_eq!(watch.ready(), []);
    (&theirs).write_all(b"x").unwrap();
    assert_eq!(watch.ready(), [], "parked from the start");
    watch.change(&ours, 1, READ);
    assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
    watch.change(&ours, 1, Interest::empty());
    assert_eq!(watch.ready(), []);
    watch.change(&ours, 2, READ | WRITE);
    assert_eq!(watch.ready(), [(2, Ready::READABLE | Ready::WRITABLE)]);
}

/// POLLHUP and EPOLLHUP come unasked and would wake the wait for ever.
fn a_parked_descriptor_hides_even_a_hang_up(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, Interest::empty());
    drop(theirs);
    assert_eq!(watch.ready(), []);
    // And it sleeps meanwhile: a wait that drops the hang-up again and again would be a busy loop.
    let (other, other_peer) = pair();
    watch.add(&other, 2, READ);
    let wait = || watch.wait(Deadline::Never);
    let events = while_asleep(wait, |_| (&other_peer).write_all(b"x").unwrap());
    assert_eq!(events, [Event { token: Token(2), ready: Ready::READABLE }]);
    watch.0.remove(other.as_fd()).unwrap();
    watch.change(&ours, 1, READ);
    assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
    watch.change(&ours, 1, Interest::empty());
    assert_eq!(watch.ready(), []);
    watch.0.remove(ours.as_fd()).unwrap();
}

fn zero_looks_and_comes_back(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    assert_eq!(watch.wait(Deadline::Now), []);
    assert_eq!(watch.wait(Deadline::after_millis(0)), []);
    assert_eq!(watch.wait(Deadline::At(Instant::now())), [], "a deadline that has passed");
    (&theirs).write_all(b"x").unwrap();
    assert_eq!(watch.wait(Deadline::Now).len(), 1, "what is ready is seen all the same");
    assert_eq!(watch.wait(Deadline::At(Instant::now())).len(), 1);
}

fn a_deadline_is_waited_for_whole(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, _theirs) = pair();
    watch.add(&ours, 1, READ);
    for limit in [Duration::from_micros(300), Duration::from_micros(30_500)] {
        let start = Instant::now();
        assert_eq!(watch.wait(Deadline::after(limit)), []);
        assert!(start.elapsed() >= limit, "{:?} is too early", start.elapsed());
    }
}

fn negative_waits_for_an_event(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    let wait = || watch.wait(Deadline::after_millis(-1));
    let events = while_asleep(wait, |_| (&theirs).write_all(b"x").unwrap());
    assert_eq!(events.len(), 1);
}

fn the_longest_timeouts_do_not_wrap(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    // 24.9 days do not fit into an int of milliseconds, 300 years not into one of nanoseconds.
    for days in [25, 50, 365 * 300, u32::MAX.into()] {
        let limit = Duration::from_hours(24 * days);
        let wait = || watch.wait(Deadline::after(limit));
        let events = while_asleep(wait, |_| (&theirs).write_all(b"x").unwrap());
        assert_eq!(events.len(), 1, "{days} days");
        (&ours).read_exact(&mut [0]).unwrap();
    }
    let wait = || watch.wait(Deadline::after(Duration::MAX));
    let events = while_asleep(wait, |_| (&theirs).write_all(b"x").unwrap());
    assert_eq!(events.len(), 1);
}

fn an_empty_poller_still_waits(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (start, limit) = (Instant::now(), Duration::from_millis(10));
    assert_eq!(watch.wait(Deadline::after(limit)), []);
    assert!(start.elapsed() >= limit);
}

fn hang_up_with_unread_data(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    (&theirs).write_all(b"last words").unwrap();
    drop(theirs);
    let events = watch.wait(Deadline::Now);
    assert_eq!(events.len(), 1);
    assert!(events[0].is_readable(), "there is something to read");
    let hint = events[0].ready.contains(Ready::HANG_UP);
    assert_eq!(hint, backend != Backend::Select);
    let mut text = String::new();
    (&ours).read_to_string(&mut text).unwrap();
    assert_eq!(text, "last words");
    assert_eq!(watch.ready(), [(1, Ready::READABLE)], "the end stays readable");
}

fn hang_up_without_unread_data(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    watch.add(&ours, 1, READ);
    drop(theirs);
    assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
    assert_eq!((&ours).read(&mut [0]).unwrap(), 0);
    watch.change(&ours, 1, WRITE);
    assert_eq!(
        watch.ready(),
        [(1, Ready::WRITABLE)],
        "a write would fail at once: it does not block"
    );

    // TCP: one direction has ended, the other is open.
    let (ours, theirs) = tcp_pair();
    let mut watch = Watch::new(backend);
    watch.add(&ours, 2, READ | WRITE);
    theirs.shutdown(std::net::Shutdown::Write).unwrap();
    while watch.next() != [(2, Ready::READABLE | Ready::WRITABLE)] {}
    assert_eq!((&ours).read(&mut [0]).unwrap(), 0);
}

fn a_reset_is_readable_and_tells_why(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = tcp_pair();
    watch.add(&ours, 1, READ);
    testkit::peer::reset(theirs).unwrap();
    assert_eq!(watch.next(), [(1, Ready::READABLE)]);
    let error = (&ours).read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

fn a_pipe_without_its_other_end(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (reader, writer) = std::io::pipe().unwrap();
    watch.add(&reader, 1, READ);
    assert_eq!(watch.ready(), []);
    drop(writer);
    assert_eq!(watch.ready(), [(1, Ready::READABLE)], "POLLHUP alone is the end, to be read");

    let mut watch = Watch::new(backend);
    let (reader, writer) = std::io::pipe().unwrap();
    watch.add(&writer, 2, WRITE);
    assert_eq!(watch.ready(), [(2, Ready::WRITABLE)]);
    drop(reader);
    assert_eq!(watch.ready(), [(2, Ready::WRITABLE)], "POLLERR: the write will tell");
}

fn a_refused_connect_is_writable_and_tells_why(backend: Backend) {
    // Bound and not listening: this port refuses for as long as the socket lives.
    let nobody = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    nobody.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_nonblocking(true).unwrap();
    let started = socket.connect(&nobody.local_addr().unwrap());
    let mut watch = Watch::new(backend);
    watch.add(&socket, 1, WRITE);
    assert_eq!(watch.next(), [(1, Ready::WRITABLE)]);
    // On loopback the refusal may be there before connect(2) returns.
    let error = socket.take_error().unwrap().or(started.err()).unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

fn urgent_data_is_priority(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (ours, theirs) = tcp_pair();
    watch.add(&ours, 1, READ | Interest::PRIORITY);
    assert_eq!(SockRef::from(&theirs).send_out_of_band(b"!").unwrap(), 1);
    assert_eq!(watch.next(), [(1, Ready::PRIORITY)], "and nothing else to read");
    watch.change(&ours, 1, READ);
    assert_eq!(watch.ready(), [], "it was not asked for");
    (&theirs).write_all(b"x").unwrap();
    assert_eq!(watch.next(), [(1, Ready::READABLE)]);
}

fn numbers_above_a_set(backend: Backend) {
    if let Err(reason) = testkit::need::descriptors(1100) {
        testkit::skip!("{reason}");
    }
    let mut watch = Watch::new(backend);
    let (ours, theirs) = pair();
    // 1023 is the last number that select can take; each back end has numbers of its own.
    let number = 1024 + own_number() % 10 * 4 + backend as i32;
    let ours = move_to(ours, number);
    let done = watch.0.register(ours.as_fd(), Token(1), READ, Trigger::Level);
    if backend == Backend::Select {
        assert_eq!(done, Err(Error::NumberTooLarge { fd: number, limit: 1024 }));
        assert_eq!(watch.ready(), []);
        let low = move_to(ours, 1023);
        watch.add(&low, 2, READ);
        (&theirs).write_all(b"x").unwrap();
        assert_eq!(watch.ready(), [(2, Ready::READABLE)], "1023 is the last one that fits");
    } else {
        done.unwrap();
        (&theirs).write_all(b"x").unwrap();
        assert_eq!(watch.ready(), [(1, Ready::READABLE)]);
    }
}

fn files_that_never_wait(backend: Backend) {
    let mut watch = Watch::new(backend);
    let (file, folder): (OwnedFd, OwnedFd) =
        (tempfile::tempfile().unwrap().into(), File::open("/").unwrap().into());
    for fd in [&file, &folder] {
        let done = watch.0.register(fd.as_fd(), Token(1), READ, Trigger::Level);
        match watch.0.names() {
            Names::OpenFile => assert_eq!(done, Err(Error::NeverWaits(fd.as_raw_fd()))),
            Names::Number => {
                done.unwrap();
                assert_eq!(watch.ready(), [(1, Ready::READABLE)], "ready, even at its end");
                watch.0.remove(fd.as_fd()).unwrap();
            }
        }
        assert_eq!(watch.ready(), []);
    }
}

fn a_waker_ends_a_wait(backend: Backend) {
    let mut watch = Watch::new(backend);
    let waker = Waker::new().unwrap();
    watch.add(&waker, 9, READ);
    let remote = waker.clone();
    let events = while_asleep(|| watch.wait(Deadline::Never), |_| remote.wake().unwrap());
    let woken = Event { token: Token(9), ready: Ready::READABLE };
    assert_eq!(events, [woken]);
    waker.wake().unwrap();
    waker.wake().unwrap();
    assert_eq!(watch.wait(Deadline::Never), [woken], "wakes before the wait count, too");
    assert_eq!(waker.drain().unwrap(), 3);
    assert_eq!(watch.ready(), []);
    assert_eq!(waker.drain().unwrap(), 0);
}

fn a_slot_is_free_again_after_remove(backend: Backend) {
    let mut watch = Watch::new(backend);
    let pairs: Vec<_> = (0..4).map(|_| pair()).collect();
    for round in 0..50_u32 {
        for (token, (ours, theirs)) in (round..).zip(&pairs) {
            watch.add(ours, token, READ);
            (&mut &*theirs).write_all(b"x").unwrap();
        }
        // Out of the middle first, so that the last ones have to move.
        for (at, (ours, _)) in [1, 0, 3, 2].map(|at| (at, &pairs[at])) {
            let token = round + u32::try_from(at).unwrap();
            assert!(watch.ready().contains(&(token, Ready::READABLE)));
            watch.0.remove(ours.as_fd()).unwrap();
            assert!(watch.ready().iter().all(|(other, _)| *other != token));
            (&mut &*ours).read_exact(&mut [0]).unwrap();
        }
        assert_eq!(watch.ready(), []);
    }
}
