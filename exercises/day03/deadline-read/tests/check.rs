//! A sender of the test's own at the other end of a TCP connection. Where time must not matter, it
//! waits for what was read, and the limit is an hour; where it matters, the sender is later than
//! the limit by its own clock, which it starts when the receiver's runs already. So a slow machine
//! makes it later still, and no answer wrong.

use std::io::{self, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use deadline_read::read_within;
use testkit::{equal, peer, proc, step, until};
use trace::{Act, Fault};

testkit::exercise! {
    t1_a_message_that_is_there: cpu(Duration::from_secs(1)),
    t2_a_message_in_parts,
    t3_nothing_comes,
    t4_no_time_at_all,
    t5_a_byte_at_a_time_is_late_as_well,
    t6_the_last_wait_is_a_short_one,
    t7_the_sender_closes_in_the_middle: cpu(Duration::from_secs(1)),
    t8_the_socket_is_left_as_it_was,
    t9_signals_and_short_reads: faults(interruptions),
    t10_a_read_that_returns_too_late: faults(lateness),
}

const AN_HOUR: Duration = Duration::from_secs(3600);

fn t1_a_message_that_is_there() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"granted: 40 euros").unwrap();
    let mut message = [0; 17];
    good(read_within(&mut from, &mut message, AN_HOUR));
    equal!(text(&message), "granted: 40 euros", "a message that was there before the call");
}

fn t2_a_message_in_parts() {
    let (mut from, mut sender) = connection();
    let watched = from.try_clone().unwrap();
    let sender = thread::spawn(move || {
        for part in ["gran", "t", "ed"] {
            sender.write_all(part.as_bytes()).unwrap();
            until("the part was read", || (unread(&watched) == 0).then_some(()));
            step!("'{part}' was sent and read");
        }
        sender.write_all(b": 40 euros, and the next message").unwrap();
        sender
    });
    let (mut first, mut second) = ([0; 17], [0; 22]);
    good(read_within(&mut from, &mut first, AN_HOUR));
    equal!(
        text(&first),
        "granted: 40 euros",
        "a message that came in four parts: read(2) gives what has arrived by now, and that may be \
         any part of it"
    );
    let _sender = sender.join().unwrap();
    assert!(
        unread(&from) == 22,
        "behind the message 22 bytes of another one had come, and {} of them are still in the \
         socket: the others were taken out with the message and are lost. Read no more than the \
         message has room for; a buffer of your own (BufReader, too) dies at the end of the call \
         with what it holds",
        unread(&from)
    );
    good(read_within(&mut from, &mut second, AN_HOUR));
    equal!(text(&second), ", and the next message", "the message behind it");
}

fn t3_nothing_comes() {
    const LIMIT: Duration = Duration::from_secs(1);
    let (mut from, _sender) = connection();
    step!("the sender is connected and sends nothing; the limit is 1 s");
    let returned = AtomicBool::new(false);
    let (result, waited, (looks, asleep)) = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let (mut looks, mut asleep) = (0, 0);
            while !returned.load(Ordering::Relaxed) {
                let state = proc::stat(std::process::id()).map(|stat| stat.state);
                looks += 1;
                asleep += i32::from(state == Some('S'));
                thread::sleep(Duration::from_millis(1));
            }
            (looks, asleep)
        });
        let start = Instant::now();
        let result = read_within(&mut from, &mut [0; 17], LIMIT);
        returned.store(true, Ordering::Relaxed);
        (result, start.elapsed(), watcher.join().unwrap())
    });
    late(result, "the sender is connected and has sent nothing for the whole limit of 1 s");
    assert!(
        waited > LIMIT / 2,
        "it gave up after {} ms, and the limit was 1000 ms: the message could still have come",
        waited.as_millis()
    );
    assert!(
        asleep * 2 > looks,
        "in {} ms of waiting for one byte it was looked at {looks} times, and {asleep} times it was \
         asleep (state S in /proc/self/stat). The other times it was running, or ready to run: it asks \
         the socket again and again, and uses all that it gets of a processor. A call that blocks \
         sleeps in the kernel, and costs nothing (socket(7), recv(2))",
        waited.as_millis()
    );
}

fn t4_no_time_at_all() {
    let (mut from, _sender) = connection();
    let result = read_within(&mut from, &mut [0; 17], Duration::ZERO);
    late(result, "the limit was zero and nothing had come");
}

fn t5_a_byte_at_a_time_is_late_as_well() {
    const LIMIT: Duration = Duration::from_millis(300);
    let (mut from, mut sender) = connection();
    let watched = from.try_clone().unwrap();
    let returned = AtomicBool::new(false);
    let (result, took) = thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let first_read = is_read(&mut sender, &watched, &returned);
            let mut rest = 999;
            while first_read.elapsed() < LIMIT * 5 && !returned.load(Ordering::Relaxed) {
                let _ = sender.write_all(b".");
                rest -= 1;
                // This peer is slow: nobody is waited for.
                thread::sleep(Duration::from_millis(10));
            }
            let _ = sender.write_all(&vec![b'.'; rest]);
        });
        let start = Instant::now();
        let result = read_within(&mut from, &mut [0; 1000], LIMIT);
        let took = start.elapsed();
        returned.store(true, Ordering::Relaxed);
        sender.join().unwrap();
        (result, took)
    });
    assert!(
        result.is_err(),
        "a message of 1000 bytes was accepted after {} ms, and the limit was 300 ms: it had come \
         byte by byte, one every 10 ms. SO_RCVTIMEO limits one call (socket(7)), and each call was \
         in time. The limit of the message is one moment, and every read gets what is left until \
         then",
        took.as_millis()
    );
    late(result, "a byte came every 10 ms, and the message was not complete in 300 ms");
}

fn t6_the_last_wait_is_a_short_one() {
    const LIMIT: Duration = Duration::from_secs(1);
    let (mut from, mut sender) = connection();
    let watched = from.try_clone().unwrap();
    let returned = AtomicBool::new(false);
    let (result, took) = thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let first_read = is_read(&mut sender, &watched, &returned);
            for (moment, bytes) in [(600, &b"late"[..]), (1400, b"too late!")] {
                let moment = Duration::from_millis(moment);
                while first_read.elapsed() < moment && !returned.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(5));
                }
                let _ = sender.write_all(bytes);
            }
        });
        let start = Instant::now();
        let result = read_within(&mut from, &mut [0; 14], LIMIT);
        let took = start.elapsed();
        returned.store(true, Ordering::Relaxed);
        sender.join().unwrap();
        (result, took)
    });
    assert!(
        result.is_err(),
        "the message was accepted after {} ms, and the limit was 1000 ms. Its second part came \
         after 600 ms and its last one after 1400 ms: the read between the two was allowed to sleep \
         longer than the 400 ms that were left. Asking between two reads whether it is too late \
         does not help while a read sleeps",
        took.as_millis()
    );
    late(result, "after 600 ms of 1000 a part came, and the rest after 1400 ms");
}

fn t7_the_sender_closes_in_the_middle() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"granted: ").unwrap();
    drop(sender);
    step!("9 of 17 bytes were sent, then the sender closed");
    match read_within(&mut from, &mut [0; 17], AN_HOUR) {
        Ok(()) => panic!(
            "half a message counts as a whole one: recv(2) has returned 0, so no more will ever \
             come, and 8 of 17 bytes are missing"
        ),
        Err(error) => equal!(
            error.kind(),
            ErrorKind::UnexpectedEof,
            "the kind of the error when recv(2) has returned 0 in the middle of a message: nobody \
             was too slow, the sender has closed"
        ),
    }
}

fn t8_the_socket_is_left_as_it_was() {
    let (mut from, mut sender) = connection();
    for before in [Some(Duration::from_secs(7)), None] {
        from.set_read_timeout(before).unwrap();
        sender.write_all(b"granted").unwrap();
        good(read_within(&mut from, &mut [0; 7], AN_HOUR));
        is_as_before(&from, before, "a success");
        let late = read_within(&mut from, &mut [0; 7], Duration::from_millis(20));
        assert!(late.is_err(), "nothing had come in 20 ms, and it returned {late:?}");
        is_as_before(&from, before, "a message that did not come in time");
    }
    let before = Some(Duration::from_secs(7));
    from.set_read_timeout(before).unwrap();
    drop(sender);
    let ended = read_within(&mut from, &mut [0; 7], AN_HOUR);
    assert!(ended.is_err(), "the sender had closed, and it returned {ended:?}");
    is_as_before(&from, before, "the end of the sender");
}

fn is_as_before(from: &TcpStream, before: Option<Duration>, what: &str) {
    equal!(
        from.read_timeout().unwrap(),
        before,
        "the read timeout of the socket after {what}: SO_RCVTIMEO belongs to the socket and stays \
         until somebody changes it, so the next one who reads is told that his time is over"
    );
    // SAFETY: F_GETFL takes no argument, and the descriptor is open.
    let flags = unsafe { libc::fcntl(from.as_raw_fd(), libc::F_GETFL) };
    assert!(
        flags & libc::O_NONBLOCK == 0,
        "after {what} the socket has O_NONBLOCK, which it had not before: whoever reads next gets \
         EAGAIN at once (fcntl(2))"
    );
}

/// What a kernel may do to any read, and hardly ever does.
fn interruptions() -> Vec<Fault> {
    vec![
        // Whoever waits with poll(2) or its like before he reads is interrupted there.
        Fault::on(&["@read", "@wait"], Act::Error(libc::EINTR)).every(3),
        Fault::on(&["@read"], Act::Short(2)).every(2),
    ]
}

fn t9_signals_and_short_reads() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"granted: 40 euros").unwrap();
    step!("every third read is interrupted by a signal, and others give 2 bytes at most");
    let mut message = [0; 17];
    good(read_within(&mut from, &mut message, AN_HOUR));
    equal!(text(&message), "granted: 40 euros", "what was read all the same");
}

fn lateness() -> Vec<Fault> {
    vec![Fault::on(&["@read"], Act::DelayAfter(Duration::from_millis(300)))]
}

fn t10_a_read_that_returns_too_late() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"granted: ").unwrap();
    step!(
        "9 of 17 bytes were sent; the read that gets them returns after 300 ms, the limit is 100"
    );
    let result = read_within(&mut from, &mut [0; 17], Duration::from_millis(100));
    late(result, "a read gave half of the message when the limit was over, as on a busy machine");
}

fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sender = peer::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, sender)
}

/// Sends a byte and gives the moment when it has been read. The limit runs then.
fn is_read(sender: &mut TcpStream, watched: &TcpStream, returned: &AtomicBool) -> Instant {
    sender.write_all(b"!").unwrap();
    until("the first byte was read", || {
        (unread(watched) == 0 || returned.load(Ordering::Relaxed)).then_some(())
    });
    Instant::now()
}

/// How many bytes have come and were not read yet (FIONREAD, tcp(7)).
fn unread(stream: &TcpStream) -> libc::c_int {
    let mut bytes = 0;
    // SAFETY: FIONREAD stores an int where the pointer says.
    let result = unsafe { libc::ioctl(stream.as_raw_fd(), libc::FIONREAD, &raw mut bytes) };
    assert!(result == 0, "FIONREAD: {}", io::Error::last_os_error());
    bytes
}

fn good(result: io::Result<()>) {
    if let Err(error) = result {
        panic!(
            "read_within() failed, and the whole message had come in time: {error:?}{}",
            of_time(&error)
        );
    }
}

/// It must be TimedOut.
fn late(result: io::Result<()>, what: &str) {
    match result {
        Ok(()) => panic!("{what}, and read_within() returned Ok(())"),
        Err(error) if error.kind() == ErrorKind::TimedOut => {}
        Err(error) => {
            panic!("{what}: that is TimedOut, and it returned {error:?}{}", of_time(&error))
        }
    }
}

/// What two surprising kinds mean here.
fn of_time(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::WouldBlock => {
            ". recv(2) fails with EAGAIN when SO_RCVTIMEO is over, as if the socket did not block, \
             and std calls every EAGAIN WouldBlock (socket(7)). Who gave you the limit does not know \
             about your socket: tell him that it was too late"
        }
        ErrorKind::InvalidInput => {
            ". That came from set_read_timeout, which was given a zero: in setsockopt(2) a timeout of \
             zero means no timeout at all, so std refuses it (socket(7), SO_RCVTIMEO). No time left \
             is an answer, and no call is needed for it"
        }
        _ => "",
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
