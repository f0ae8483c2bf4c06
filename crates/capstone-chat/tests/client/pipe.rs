//! The client without a terminal: lines in, lines out, and a status.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::os::fd::OwnedFd;

use testkit::{Program, leaks, proc};

use crate::hand::Hand;

const ENTERED: &str = "您已进入聊天室\n";

#[test]
fn a_script_says_hello() {
    let mut server = Hand::new();
    let mut client = server.client().stdin_pipe().spawn();
    client.type_in("ann\nhello\nquit\n");
    server.lets_in("ann");
    server.hears("C ann hello");
    server.lets_out("ann");
    let done = client.wait();
    done.succeeded();
    assert_eq!(done.stdout, ENTERED);
}

/// The next line is not taken before the answer is there: after a refusal it is a name.
#[test]
fn a_refusal_makes_the_next_line_a_name() {
    let mut server = Hand::new();
    let mut client = server.client().stdin_pipe().spawn();
    client.type_in("管理员\nann\nann\n");
    server.hears("L 管理员");
    server.says("该用户已存在");
    server.lets_in("ann");
    server.hears("C ann ann");
    client.close_stdin();
    server.lets_out("ann");
    let done = client.wait();
    done.succeeded();
    assert_eq!(done.stdout, format!("该用户已存在\n{ENTERED}"));
}

#[test]
fn what_arrives_is_a_line_of_its_own_and_harmless() {
    let mut server = Hand::new();
    let mut client = server.client().args(["--name", "ann"]).stdin_pipe().spawn();
    server.lets_in("ann");
    client.line("您已进入聊天室");
    server.says("\nbob 说:hi");
    assert_eq!(client.line("bob"), "bob 说:hi");
    server.says("\nbob 说:a\nb\x1b[2J");
    assert_eq!(client.line("bob"), "bob 说:a␊b␛[2J");
    client.type_in("no newline at the end");
    client.close_stdin();
    server.hears("C ann no newline at the end");
    server.lets_out("ann");
    client.wait().succeeded();
}

#[test]
fn whatever_standard_input_is() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"one\ntwo\n").unwrap();
    file.rewind().unwrap();
    let mut server = Hand::new();
    let named = || server.client().args(["--name", "ann"]);
    let programs: [(Program, &[&str]); 3] = [
        (named(), &[]),
        (named().without_stdin(), &[]),
        (named().stdin(file), &["C ann one", "C ann two"]),
    ];
    for (program, requests) in programs {
        let client = program.spawn();
        server.lets_in("ann");
        for request in requests {
            server.hears(request);
        }
        server.lets_out("ann");
        client.wait().succeeded();
    }
}

#[test]
fn lines_that_cannot_be_sent_are_not() {
    let mut server = Hand::new();
    let mut client = server.client().args(["--name", "ann"]).stdin_pipe().spawn();
    server.lets_in("ann");
    client.type_in("x".repeat(65_536) + "\n");
    client.type_in("x".repeat(1_000_000) + "\n");
    client.type_in(b"\xff\xfe\nshort\nquit\n");
    server.hears("C ann short");
    server.lets_out("ann");
    let done = client.wait();
    let said: Vec<&str> = done.stderr.lines().collect();
    assert!(done.status.success(), "{done:#?}");
    assert_eq!(said.len(), 3, "{said:#?}");
    for (line, part) in said.iter().zip(["has 65536 bytes", "more than 262144", "not UTF-8"]) {
        assert!(line.starts_with("not sent: ") && line.contains(part), "{line}");
    }
}

/// Nobody reads what it shows: it leaves the room, and that is no failure.
#[test]
fn a_closed_output_leaves_the_room() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).stdin_pipe().stdout(writer).spawn();
    server.lets_in("ann");
    server.lets_out("ann");
    client.wait().succeeded();
}

#[test]
fn a_full_disk_leaves_the_room_too_and_is_a_failure() {
    let full: OwnedFd = File::options().write(true).open("/dev/full").unwrap().into();
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).stdin_pipe().stdout(full).spawn();
    server.lets_in("ann");
    server.lets_out("ann");
    client.wait().failed(1, "No space left on device");
}

/// Neither in the room, nor with lines that wait for an answer, nor at the end of its input.
#[test]
fn it_sleeps_when_there_is_nothing_to_do() {
    let mut server = Hand::new();
    let mut client = server.client().args(["--patience", "3600"]).stdin_pipe().spawn();
    let most = std::time::Duration::from_secs(1);
    let rests = |pid| assert!(proc::comes_to_rest(pid, most), "it never sleeps");
    client.type_in("ann\nfirst\n");
    server.hears("L ann");
    rests(client.pid());
    server.says("OK");
    server.hears("C ann first");
    rests(client.pid());
    let before = leaks::Holdings::of(client.pid());
    for n in 0..100 {
        client.type_in(format!("{n}\n"));
        server.hears(&format!("C ann {n}"));
        server.says(format!("\nbob 说:{n}"));
    }
    client.line("bob 说:99");
    let leaked = before.leaked(&leaks::Holdings::of(client.pid()));
    assert!(leaked.is_empty(), "{leaked}");
    client.close_stdin();
    server.hears("Q ann");
    rests(client.pid());
    server.says("EXIT");
    client.wait().succeeded();
}
