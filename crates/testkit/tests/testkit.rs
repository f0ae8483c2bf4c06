//! The tools under test: a watchdog that never fires, or a leak that nobody sees, would make
//! every other suite worthless.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use testkit::pty::Pty;
use testkit::{Program, peer, proc, skip, until};

fn sh(script: &str) -> Program {
    Program::new("sh").args(["-c", script])
}

/// What a failing check says.
fn complaint(check: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(check)).expect_err("it must fail");
    payload.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn output_and_status_are_handed_over() {
    let done = sh("echo out; echo err >&2; exit 3").run();
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("out\n", "err\n"));
    done.failed(3, "err");
    assert!(complaint(|| done.failed(3, "other")).contains("err"));
    assert!(complaint(|| done.failed(4, "err")).contains("wanted 4"));
    assert!(complaint(|| done.succeeded()).contains("err"));
    assert_eq!(sh("kill -TERM $$").run().signal(), Some(15));
    sh("true").run().succeeded();
}

#[test]
fn lines_are_waited_for_in_their_order() {
    let mut program =
        sh("echo one; read x; echo got $x; read y; echo listening on 127.0.0.1:7 now");
    program = program.stdin_pipe();
    let mut running = program.spawn();
    assert_eq!(running.line("one"), "one");
    running.type_in("first\n");
    assert_eq!(running.line("got"), "got first");
    running.type_in("second\n");
    assert_eq!(running.addr(), "127.0.0.1:7".parse().unwrap());
    running.wait().succeeded();
}

#[test]
fn a_line_that_never_comes_is_told_with_what_came() {
    let said = complaint(|| {
        sh("echo something else; echo and this >&2").spawn().line("wanted");
    });
    assert!(said.contains("it never said \"wanted\""), "{said}");
    assert!(said.contains("something else") && said.contains("and this"), "{said}");
}

#[test]
fn the_watchdog_tells_where_it_hangs_and_kills_the_whole_group() {
    let limit = Duration::from_millis(300);
    let start = Instant::now();
    let mut child = 0;
    let said = complaint(|| {
        let mut running = sh("sleep 1000 & echo child $!; wait").limit(limit).spawn();
        child = running.line("child ")[6..].parse().unwrap();
        running.wait();
    });
    assert!(start.elapsed() >= limit);
    assert!(said.contains("it did not end") && said.contains("(sh): state S"), "{said}");
    // Killed; whoever adopts it may take its time to reap it.
    until("the grandchild is dead", || match proc::stat(child) {
        None => Some(()),
        Some(stat) => (stat.state == 'Z').then_some(()),
    });
}

#[test]
fn what_is_left_running_is_a_failure() {
    let said = complaint(|| {
        sh("sleep 1000 >/dev/null 2>&1 & echo started").run();
    });
    // The child may not have come as far as exec yet, and then it is still called sh.
    assert!(said.contains("sh ended and left running: s"), "{said}");
}

#[test]
fn a_signal_reaches_the_program() {
    let mut running = sh("echo ready; exec sleep 1000").spawn();
    running.line("ready");
    running.signal(Signal::SIGUSR1);
    assert_eq!(running.wait().signal(), Some(libc::SIGUSR1));
}

#[test]
fn a_program_can_be_kept_short_of_descriptors() {
    let done = sh("ulimit -n").max_files(33).run();
    assert_eq!(done.stdout, "33\n");
}

#[test]
fn a_terminal_is_a_terminal() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let program = sh("tty >/dev/null && echo yes; read x; echo \"<$x>\"; cat");
    let running = pty.attach_screen(program).unwrap().spawn();
    pty.shows("yes");
    pty.press("ab\x7fc\n").unwrap();
    pty.shows("<ac>");
    pty.press("\x04").unwrap();
    running.wait().succeeded();
    // A read may end inside of a character, and the next one bring the rest.
    let mut screen = std::fs::File::from(pty.terminal().unwrap());
    screen.write_all(b"half \xe4").unwrap();
    pty.shows("half ");
    screen.write_all(b"\xb8\xad").unwrap();
    pty.shows("中");

    let running = pty.attach(sh("echo ready; exec cat")).unwrap();
    let mut running = running.spawn();
    running.line("ready");
    pty.press("\x03").unwrap();
    assert_eq!(running.wait().signal(), Some(2), "Ctrl-C");
}

fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = peer::connect(listener.local_addr().unwrap()).unwrap();
    (ours, listener.accept().unwrap().0)
}

#[test]
fn peers_are_as_bad_as_they_say() {
    let (ours, mut theirs) = tcp_pair();
    peer::reset(ours).unwrap();
    assert_eq!(theirs.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);

    let (ours, mut theirs) = tcp_pair();
    theirs.write_all(b"the rest").unwrap();
    drop(theirs);
    assert_eq!(peer::half_close(&ours).unwrap(), b"the rest");

    let (ours, mut theirs) = tcp_pair();
    let start = Instant::now();
    peer::drip(&ours, b"abc", Duration::from_millis(10)).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(30));
    theirs.read_exact(&mut [0; 3]).unwrap();

    let (ours, mut theirs) = tcp_pair();
    let sent = peer::stall(&ours, Duration::from_millis(50), 1 << 30).unwrap();
    assert!(sent > 0 && sent < 1 << 30);
    drop(ours);
    assert_eq!(std::io::copy(&mut theirs, &mut std::io::sink()).unwrap(), sent as u64);
    assert_eq!(peer::stall(&tcp_pair().0, Duration::from_millis(50), 10).unwrap(), 10);
    // Who knows that it is full is believed; patience would be the limit of the test.
    let (ours, _theirs) = tcp_pair();
    let sent = peer::stall_until(&ours, testkit::LIMIT * 2, 1 << 30, || true).unwrap();
    assert!(sent > 16 * 1024, "{sent} bytes");
}

#[test]
fn what_never_happens_is_told() {
    // `until` itself waits for a minute; what it says is all that is looked at here.
    assert_eq!(until("it is there at once", || Some(7)), 7);
    let mut looks = 0;
    until("it is there at the third look", || {
        looks += 1;
        (looks == 3).then_some(())
    });
}

#[test]
fn a_lesson_that_leaves_a_file_is_told() {
    testkit::lesson::leaves_nothing_behind(sh(": > $TMPDIR/gone; rm $TMPDIR/gone"));
    let told = complaint(|| testkit::lesson::leaves_nothing_behind(sh(": > $TMPDIR/left")));
    assert!(told.contains("left in its temporary directory"), "{told}");
}
