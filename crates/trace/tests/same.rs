//! A traced program does what it does without a tracer: at full speed, in steps, in real time and
//! in virtual time.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use common::{end, options, output, plainly, run, steps, steps_of};
use trace::{End, Options, Stream, Tracer};

fn same(name: &str) {
    needs_ptrace!();
    let (how, said) = plainly(name);
    let free = run(name).go().unwrap();
    assert_eq!((free.end, free.stream(Stream::Out)), (Some(how), said.clone()), "{free}");
    for virtual_time in [true, false] {
        let tracer = Tracer::start(options(name).virtual_time(virtual_time)).unwrap();
        let steps = steps_of(tracer);
        assert_eq!((end(&steps), output(&steps)), (Some(how), said.clone()), "{virtual_time}");
    }
}

macro_rules! same {
    ($($name:ident)*) => { $(#[test] fn $name() { same(stringify!($name)); })* };
}

same! {
    echo spin pingpong exit_with_threads leader_leaves thread_exec many
    fork forks spawn crash abort kill_child processors
    ignored handled restarted nested stop real_time short_nap limits cut_short typed states ask_again
    timers alarms computed
    vectors sendfile characters
    send_well send_badly pipe_well vectored message nonblocking datagram
}

/// Who is not waited for may say something before or after the last words of the first.
#[test]
fn daemon() {
    needs_ptrace!();
    let free = run("daemon").go().unwrap();
    assert_eq!(free.end, Some(End::Code(0)));
    assert_eq!(free.output(), "parent leaves\nstill here\n", "{free}");
    assert_eq!(output(&steps("daemon")), "parent leaves\nstill here\n");
}

/// In virtual time, in the order of their deadlines; in real time they race.
#[test]
fn sleepers() {
    needs_ptrace!();
    assert_eq!(output(&steps("sleepers")), "slept 10\nslept 20\nslept 30\n");
    let moments = ["until 30", "until 60", "until 90"].map(|until| format!("slept {until}\n"));
    assert_eq!(output(&steps("moments")), moments.concat());
}

/// Without a tracer it may be late: in virtual time it never is.
#[test]
fn in_time() {
    needs_ptrace!();
    assert_eq!(output(&steps("in_time")), "1 None\n".repeat(5));
}

/// How much is left depends on how busy the machine is, with a tracer and without.
#[test]
fn alarm() {
    needs_ptrace!();
    for said in [run("alarm").go().unwrap().output(), output(&steps("alarm"))] {
        let left = said.strip_prefix("(handler)\n").unwrap().strip_suffix(" s are left\n");
        assert!((20..30).contains(&left.unwrap().parse().unwrap()), "{said}");
    }
}

#[test]
fn megabytes_do_not_stop_anybody() {
    needs_ptrace!();
    let (_, said) = plainly("megabytes");
    assert!(run("megabytes").go().unwrap().output() == said);
    assert!(output(&steps("megabytes")) == said);
}

#[test]
fn both_streams_are_told_apart() {
    needs_ptrace!();
    let (_, said) = plainly("lines");
    let free = run("lines").go().unwrap();
    assert!(free.stream(Stream::Out) == said);
    assert_eq!(free.stream(Stream::Err), "enough\n");
}

#[test]
fn it_reads_what_it_is_given() {
    needs_ptrace!();
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, b"words").unwrap();
    drop(writer);
    let steps = steps_of(Tracer::start(options("echo_input").input(reader.into())).unwrap());
    assert_eq!(output(&steps), "words\n");
}

#[test]
fn it_says_what_it_says_where_it_is_told_to() {
    needs_ptrace!();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let steps = steps_of(Tracer::start(options("fork").output(writer.into())).unwrap());
    assert_eq!(output(&steps), "");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut reader, &mut said).unwrap();
    assert_eq!(said, "hello\nended\n");
}

#[test]
fn arguments_environment_and_directory_arrive() {
    needs_ptrace!();
    let shell = Options::new("/bin/sh").args(["-c", "echo $0 $ODD $PWD", "me"]);
    let steps =
        steps_of(Tracer::start(shell.env("ODD", "it is").directory("/").state(false)).unwrap());
    assert_eq!(output(&steps), "me it is /\n");
}
