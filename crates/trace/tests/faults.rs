//! Faults: programs that are written well survive them, others are found out.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::Read as _;
use std::time::Duration;

use common::run;
use trace::{Act, End, Error, Fault, Fd, Outcome, Run};

fn outcome(name: &str, fault: Fault) -> Outcome {
    run(name).fault(fault).go().unwrap()
}

fn survives(name: &str, fault: Fault, said: &str) -> Outcome {
    let outcome = outcome(name, fault);
    assert!(outcome.is_good(), "{outcome}");
    assert_eq!(outcome.output(), said, "{outcome}");
    outcome
}

const SHORT: Act = Act::Short(7);
const SOCKET: Fd = Fd::Kind("socket:");

#[test]
fn short_writes_and_reads() {
    needs_ptrace!();
    let writes = survives("send_well", Fault::on(&["@write"], SHORT).every(1), "true\n");
    // 1000 bytes by 7: the last 6 are not cut.
    assert_eq!(writes.faults.len(), 142, "{writes}");
    assert!(writes.faults[0].location.as_ref().unwrap().file.ends_with("sending.rs"));
    assert_eq!(writes.faults[0].fault, "@write short 7");
    let reads = Fault::on(&["@read"], Act::Short(100)).fd(SOCKET).every(1).times(3);
    assert_eq!(survives("send_well", reads, "true\n").faults.len(), 3);
    let bad = outcome("send_badly", Fault::on(&["@write"], SHORT));
    assert_eq!((bad.end, bad.output()), (Some(End::Code(1)), "7 of 1000\n".into()));
}

#[test]
fn a_write_that_is_atomic_is_never_cut() {
    needs_ptrace!();
    let short = Fault::on(&["@write"], SHORT).fd(Fd::Kind("pipe:")).nth(1).every(1);
    let outcome = survives("pipe_well", short, "10100\n");
    let first = outcome.faults[0].call.as_ref().unwrap();
    assert_eq!(format!("{:?}", first.args[2]), "Int(10000)");
    let left = outcome.faults.len();
    // 10000 bytes by 7, until no more than PIPE_BUF are left.
    assert_eq!(left, (10_000 - 4096_usize).div_ceil(7), "{left}");
}

#[test]
fn vectors_and_messages_are_cut() {
    needs_ptrace!();
    let writes = Fault::on(&["@write"], SHORT).fd(SOCKET);
    survives("vectored", writes, "7 sent, 7 and 0 read, [5, 5, 5]\n");
    let reads = Fault::on(&["@read"], Act::Short(5)).fd(SOCKET);
    survives("vectored", reads, "15 sent, 5 and 10 read, [5, 5, 5]\n");
    let sent = Fault::on(&["sendmsg"], Act::Short(6));
    survives("message", sent, "6 sent, 6 read, 1 with rights\n");
    let received = Fault::on(&["recvmsg"], Act::Short(2));
    survives("message", received, "8 sent, 2 read, 1 with rights\n");
}

#[test]
fn interrupted_calls() {
    needs_ptrace!();
    let eintr = Act::Error(libc::EINTR);
    survives("send_well", Fault::on(&["@write", "@read"], eintr).every(2).times(4), "true\n");
    survives("fork", Fault::on(&["@read"], eintr).times(1), "hello\nended\n");
    let bad = outcome("send_badly", Fault::on(&["@write"], eintr));
    assert_eq!(bad.end, Some(End::Code(1)), "{bad}");
}

#[test]
fn only_nonblocking_descriptors_have_nothing_yet() {
    needs_ptrace!();
    let eagain = Act::Error(libc::EAGAIN);
    survives("nonblocking", Fault::on(&["@read"], eagain).every(1).times(5), "5 after 5\n");
    let never = outcome("send_well", Fault::on(&["@read"], eagain).every(1));
    assert_eq!(never.end, Some(End::Code(0)));
    assert_eq!(never.unfired(), ["@read EAGAIN"]);
    assert!(!never.is_good());
}

#[test]
fn a_datagram_is_never_cut() {
    needs_ptrace!();
    let never = outcome("datagram", Fault::on(&["@read", "@write"], Act::Short(1)).every(1));
    assert_eq!((never.output(), never.unfired().len()), ("5\n".into(), 1), "{never}");
}

#[test]
fn a_reset_an_end_and_a_refusal() {
    needs_ptrace!();
    let reset = Fault::on(&["@read"], Act::Error(libc::ECONNRESET)).fd(SOCKET);
    assert_eq!(outcome("send_well", reset).end, Some(End::Code(1)));
    let end = Fault::on(&["@read"], Act::Result(0)).fd(SOCKET);
    assert!(outcome("send_well", end).output().contains("failed to fill whole buffer"));
    let refused = Fault::on(&["@connect"], Act::Error(libc::ECONNREFUSED));
    let refused = run("echo").limit(Duration::from_secs(5)).fault(refused).go().unwrap();
    assert!(refused.output().contains("Connection refused"), "{refused}");
    let full = Fault::on(&["@accept"], Act::Error(libc::EMFILE));
    let full = run("echo").limit(Duration::from_secs(5)).fault(full).go().unwrap();
    assert_eq!(full.faults.len(), 1, "{full}");
}

#[test]
fn delays_change_nothing_but_the_time() {
    needs_ptrace!();
    let delay = Duration::from_millis(200);
    for act in [Act::DelayBefore(delay), Act::DelayAfter(delay)] {
        let before = std::time::Instant::now();
        survives("fork", Fault::on(&["@read"], act), "hello\nended\n");
        assert!(before.elapsed() >= delay);
    }
}

#[test]
fn what_no_kernel_would_do_is_refused() {
    needs_ptrace!();
    for (fault, sentence) in [
        (Fault::on(&["raed"], SHORT), "there is no system call \"raed\" to inject into"),
        (Fault::on(&["@accept"], SHORT), "accept4 transfers no bytes that could be fewer"),
        (Fault::on(&["@read"], Act::Error(libc::EMFILE)), "recvmsg cannot fail with EMFILE"),
        (Fault::on(&["close"], Act::Error(libc::EIO)), "close cannot fail with EIO"),
        (
            Fault::on(&["read"], Act::Short(0)),
            "a transfer cannot be cut to 0 bytes: that is an end",
        ),
    ] {
        let error = run("fork").fault(fault).go().unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
}

#[test]
fn a_hang_is_explained() {
    needs_ptrace!();
    let limit = Duration::from_millis(700);
    let outcome = run("hang").limit(limit).go().unwrap();
    assert_eq!(outcome.end, Some(End::Signal(libc::SIGKILL)));
    let lines: Vec<String> = outcome.hung.iter().map(ToString::to_string).collect();
    let fits = |line: &String, start: &str, middle: &str| {
        line.starts_with(start) && line.contains(middle) && line.contains(" at examples/odd/")
    };
    assert!(fits(&lines[0], "P1 asleep for 0.", "s in read(3, …)"), "{lines:?}");
    assert!(fits(&lines[1], "P2 asleep for 0.", "s in pause("), "{lines:?}");
    let outcome = run("forever").limit(limit).go().unwrap();
    let line = outcome.hung[0].to_string();
    assert!(line.starts_with("P1 computing for 0.") && line.contains("threads.rs:"), "{line}");
}

fn four(mut from: impl std::io::Read) -> std::io::Result<[u8; 4]> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes).map(|()| bytes)
}

fn pair_with(bytes: &[u8]) -> std::os::unix::net::UnixStream {
    let (mut a, b) = std::os::unix::net::UnixStream::pair().unwrap();
    std::io::Write::write_all(&mut a, bytes).unwrap();
    b
}

#[test]
fn a_function_is_tested_by_the_test_itself() {
    let name = "a_function_is_tested_by_the_test_itself";
    if let Some(run) = Run::this_test(name, concat!(env!("CARGO_MANIFEST_DIR"), "/tests")) {
        needs_ptrace!();
        let short = Fault::on(&["@read"], Act::Short(1)).fd(SOCKET).every(1);
        let eintr = Fault::on(&["@read"], Act::Error(libc::EINTR)).fd(SOCKET).nth(2);
        let outcome = run.fault(eintr).fault(short).go().unwrap();
        assert!(outcome.is_good(), "{outcome}");
        assert_eq!(outcome.faults.len(), 4, "{outcome}");
        return;
    }
    assert_eq!(&four(pair_with(b"abcd")).unwrap(), b"abcd");
}

#[test]
fn a_function_that_fails_is_found_out() {
    let name = "a_function_that_fails_is_found_out";
    if let Some(run) = Run::this_test(name, concat!(env!("CARGO_MANIFEST_DIR"), "/tests")) {
        needs_ptrace!();
        let outcome = run.fault(Fault::on(&["@read"], Act::Short(1)).fd(SOCKET)).go().unwrap();
        assert_eq!(outcome.end, Some(End::Code(101)), "{outcome}");
        return;
    }
    assert_eq!(pair_with(b"abcd").read(&mut [0; 4]).unwrap(), 4);
}

#[test]
fn a_test_that_is_not_there_is_an_error() {
    needs_ptrace!();
    let run = Run::this_test("nobody_has_written_this", "tests").unwrap();
    assert_eq!(run.go(), Err(Error::NoSuchTest("nobody_has_written_this".into())));
}
