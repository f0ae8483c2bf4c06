//! Clients for the learner's server, which runs in a process beside the test, and a server for his
//! client. Where something comes in two pieces, the second one is sent when the first one was read
//! (/proc/net/tcp tells), so that it is two reads, however fast anybody is.

mod sides;

use std::io::{self, Read as _};
use std::net::Shutdown;

use hash_quit::talk;
use sides::{
    answered, answers, connect, connect_next, echoed, ended, send, server, text, unserved,
};
use testkit::{equal, peer, step};
use trace::{Act, Fault, Fd};

testkit::exercise! {
    t1_a_line_comes_back,
    t2_the_farewell_ends_the_conversation,
    t3_two_hashes_in_a_line_are_text,
    t4_a_farewell_in_two_pieces,
    t5_the_next_client_is_served,
    t6_a_line_is_bytes,
    t7_the_client_reads_whole_answers,
    t8_the_server_ends_first,
    t9_signals_and_short_calls: faults(interruptions),
}

fn t1_a_line_comes_back() {
    let (_server, address) = server();
    let client = connect(address);
    echoed(&client, b"hello\n", "an ordinary line");
    echoed(&client, b"the printer is on fire\n", "another line, on the same connection");
    step!("two lines came back, each sent alone; then three are sent in one piece, and no more");
    send(&client, "one\ntwo\nthree\n");
    client.shutdown(Shutdown::Write).unwrap();
    answered(
        &client,
        b"one\ntwo\nthree\n",
        "three lines in one piece, which one read may give: those behind the first are lines, too",
    );
}

fn t2_the_farewell_ends_the_conversation() {
    for (before, farewell) in [("", "##\n"), ("hello\n", "##\n"), ("hello\r\n", "##\r\n")] {
        let (_server, address) = server();
        let client = connect(address);
        if !before.is_empty() {
            echoed(&client, before.as_bytes(), "a line in front of the farewell");
        }
        send(&client, farewell);
        ended(
            &client,
            &format!("the line {farewell:?} is a farewell (telnet ends its lines with \\r\\n)"),
        );
        step!("the line {farewell:?} ended the conversation");
    }
    let (_server, address) = server();
    let client = connect(address);
    send(&client, "bye\n##\n");
    answered(
        &client,
        b"bye\n",
        "\"bye\\n##\\n\", two lines in one piece, of which the first is text",
    );
    ended(
        &client,
        "\"bye\\n##\\n\" came in one piece, so one read may give both lines. A read gives what has \
         arrived, and knows nothing of lines",
    );
}

fn t3_two_hashes_in_a_line_are_text() {
    let (_server, address) = server();
    let client = connect(address);
    for line in ["a##b\n", "## Answers\n", "see ##\n", "###\n", "#\n", "#\n", " ##\n", "####\n"] {
        echoed(&client, line.as_bytes(), "a line that is not exactly ##, hence no farewell");
    }
}

fn t4_a_farewell_in_two_pieces() {
    for pieces in [["#", "#\n"], ["##", "\n"], ["##\r", "\n"], ["hello\n#", "#\n"]] {
        let (_server, address) = server();
        let client = connect(address);
        send(&client, pieces[0]);
        peer::until_read(&client);
        if pieces[0].starts_with("hello") {
            answered(&client, b"hello\n", "a line, and the first byte of the next one behind it");
        }
        step!("your server has read {:?}; {:?} is sent now", pieces[0], pieces[1]);
        send(&client, pieces[1]);
        ended(
            &client,
            "the farewell came in two reads. TCP keeps bytes in order, and not together: a line is \
             over at its newline, not when a read is",
        );
    }
    let (_server, address) = server();
    let client = connect(address);
    send(&client, "##");
    peer::until_read(&client);
    step!("your server has read \"##\"; the line goes on with \"1. How to quit\"");
    send(&client, "1. How to quit\n");
    answered(
        &client,
        b"##1. How to quit\n",
        "a line that began with ## and went on later. Before its newline has come, nobody knows \
         whether it is the farewell",
    );
}

fn t5_the_next_client_is_served() {
    let (server, address) = server();
    for how in ["says farewell", "closes without a word", "crashes, and its kernel sends a RST"] {
        let client = connect_next(address, &server, "has left");
        echoed(&client, b"hello\n", "the line of a client");
        match how {
            "says farewell" => {
                send(&client, "##\n");
                ended(&client, "the farewell, \"##\\n\"");
            }
            "closes without a word" => drop(client),
            _ => {
                // In the middle of a line.
                send(&client, "I have a ques");
                peer::until_read(&client);
                peer::reset(client).unwrap();
            }
        }
        step!("a client {how}");
        let next = connect_next(address, &server, how);
        if let Err(error) = peer::ask(&next, b"and me?\n") {
            unserved(&server, how, &error);
        }
    }
}

fn t6_a_line_is_bytes() {
    let (server, address) = server();
    let client = connect(address);
    // 你好 in GBK, and bytes that are text in no encoding.
    for line in [&b"\xc4\xe3\xba\xc3\n"[..], b"\xff\0\xfe\n"] {
        send(&client, line);
        answered(
            &client,
            line,
            "a line that is not UTF-8. recv(2) gives bytes, and nobody has promised that they are \
             text in your encoding",
        );
    }
    drop(client);
    let next = connect_next(address, &server, "sent bytes that are not UTF-8");
    echoed(&next, b"hello\n", "the next client's line");
}

fn t7_the_client_reads_whole_answers() {
    let (server, address) = answers(usize::MAX);
    let mut output = Vec::new();
    let input = &b"hello\nwho is there?\n##\nthis is private\n"[..];
    let result = talk(connect(address), input, &mut output);
    let got = server.join().unwrap();
    equal!(
        text(&output),
        text("hello\nwho is there?\n"),
        "what talk() wrote to its output. The server sent each answer in two pieces, the second \
         one when your client had read the first: an answer is over at its newline, not when a \
         read is"
    );
    equal!(
        text(&got),
        text("hello\nwho is there?\n##\n"),
        "what talk() has sent. ## ends both sides: the farewell itself is the last line on the wire"
    );
    result.unwrap_or_else(|error| panic!("talk() failed after the farewell: {error:?}"));

    step!("the next input ends without a newline, and without a farewell");
    let (server, address) = answers(usize::MAX);
    let mut output = Vec::new();
    let result = talk(connect(address), &b"last words"[..], &mut output);
    equal!(
        text(server.join().unwrap()),
        text("last words\n"),
        "what talk() has sent of \"last words\""
    );
    equal!(text(&output), text("last words\n"), "what talk() wrote to its output");
    result.unwrap_or_else(|error| panic!("talk() failed at the end of its input: {error:?}"));
}

fn t8_the_server_ends_first() {
    let (server, address) = answers(1);
    let mut output = Vec::new();
    let result = talk(connect(address), &b"one\ntwo\n##\n"[..], &mut output);
    drop(server.join().unwrap());
    step!("the server answered \"one\" and closed when \"two\" had come");
    equal!(text(&output), text("one\n"), "what talk() wrote to its output");
    match result {
        Ok(()) => panic!(
            "talk() returned Ok, and \"two\" has no answer. recv(2) returned 0, the end of the \
             stream: the server has closed, and will never answer. That is no empty answer"
        ),
        Err(error) => equal!(error.kind(), io::ErrorKind::UnexpectedEof, "the kind of the error"),
    }
}

/// What a kernel may do to any call on a socket, and hardly ever does.
fn interruptions() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@read"], Act::Error(libc::EINTR)).fd(socket).every(3),
        Fault::on(&["@read"], Act::Short(1)).fd(socket).every(2),
        Fault::on(&["@write"], Act::Short(2)).fd(socket).every(2),
    ]
}

fn t9_signals_and_short_calls() {
    let (_server, address) = server();
    let client = connect(address);
    step!("every third read of your server is interrupted, others give one byte, writes take two");
    let lines = "a first line\nand a second one\n#\na##b\n";
    send(&client, format!("{lines}##\n"));
    let mut got = Vec::new();
    let end = (&client).read_to_end(&mut got);
    equal!(
        text(&got),
        text(lines),
        "what came back of four lines before the end of the conversation ({end:?}). send(2) says \
         how many bytes it has taken, recv(2) how many it has given; an EINTR is a call to be made \
         again"
    );
    end.unwrap();
}
