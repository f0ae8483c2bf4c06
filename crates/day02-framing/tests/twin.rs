//! The broken twins are broken in the way that they say.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn pause_is_no_fix_gets_five_messages_as_one() {
    let done = Program::example("pause_is_no_fix").run();
    done.succeeded();
    let took = done.stdout.split("10 ms apart, in ").nth(1).unwrap();
    let took: u64 = took.split(' ').next().unwrap().parse().unwrap();
    assert!(took >= 50, "the pauses were made: {}", done.stdout);
    let received = "received: 1 message, \"onetwothreefourfive\"\n";
    assert!(done.stdout.ends_with(received), "{}", done.stdout);
}

#[test]
fn read_as_message_gets_one_message_as_many() {
    let done = Program::example("read_as_message").run();
    done.succeeded();
    let text = &done.stdout;
    assert!(text.starts_with("sent: 1 message of 500000 bytes\n"), "{text}");
    let numbers = text.split("received: ").nth(1).unwrap();
    let mut numbers = numbers.split(' ').filter_map(|word| word.parse::<usize>().ok());
    let (messages, first) = (numbers.next().unwrap(), numbers.next().unwrap());
    assert!(messages > 1 && first < 500_000, "{text}");
    assert!(text.ends_with("all together: 500004 bytes\n"), "{text}");
}
