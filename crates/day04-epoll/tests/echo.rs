//! The demo as its users meet it.

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-epoll");

testkit::echo_suite!(PROGRAM);

mod edge {
    testkit::echo_server_suite!(super::PROGRAM, "edge");
}

/// The table is the same on every run and every machine.
#[test]
fn every_trigger_reports_in_its_way() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let rows: Vec<&str> = done.stdout.lines().filter(|line| line.contains(" → ")).collect();
    let expected = [
        ("level", "two bytes have come", "EPOLLIN"),
        ("level", "nobody has read them", "EPOLLIN"),
        ("level", "one of them was read", "EPOLLIN"),
        ("level", "another one has come", "EPOLLIN"),
        ("level", "EPOLL_CTL_MOD", "EPOLLIN"),
        ("edge", "two bytes have come", "EPOLLIN"),
        ("edge", "nobody has read them", "nothing"),
        ("edge", "one of them was read", "nothing"),
        ("edge", "another one has come", "EPOLLIN"),
        ("edge", "EPOLL_CTL_MOD", "EPOLLIN"),
        ("one-shot", "two bytes have come", "EPOLLIN"),
        ("one-shot", "nobody has read them", "nothing"),
        ("one-shot", "one of them was read", "nothing"),
        ("one-shot", "another one has come", "nothing"),
        ("one-shot", "EPOLL_CTL_MOD", "EPOLLIN"),
        ("stale", "closed, but a dup is open", "EPOLLIN"),
        ("stale", "EPOLL_CTL_DEL by its number", "EBADF"),
        ("stale", "the dup is closed as well", "nothing"),
        ("refused", "EPOLL_CTL_ADD /proc/self/exe", "EPERM"),
        ("refused", "EPOLL_CTL_ADD /", "EPERM"),
    ];
    let expected = expected.map(|(name, what, flags)| format!("{name:<9} {what:<27} → {flags}"));
    assert_eq!(rows, expected);
}
