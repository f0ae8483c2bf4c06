//! A stream of the test's own, which gives what it wants to give: so a header is cut at every byte
//! in milliseconds. The last test has a real connection.

mod memory;
mod pieces;

use std::io::{self, ErrorKind, Write};
use std::net::TcpListener;

use len_codec::{LIMIT, receive, send};
use pieces::{Bytes, Pieces, bytes};
use testkit::{equal, peer, step};
use trace::{Act, Fault, Fd};

testkit::exercise! {
    t1_the_bytes_on_the_wire,
    t2_a_message_comes_back,
    t3_however_it_is_cut,
    t4_several_at_once,
    t5_the_end_between_two_messages,
    t6_the_end_inside,
    t7_a_length_that_lies,
    t8_too_long_to_send,
    t9_signals_and_short_calls: faults(interruptions),
}

fn t1_the_bytes_on_the_wire() {
    for (message, wire) in [
        (&b"hello"[..], &b"\0\0\0\x05hello"[..]),
        (b"", b"\0\0\0\0"),
        (&[b'x'; 258], &[&b"\0\0\x01\x02"[..], &[b'x'; 258]].concat()),
    ] {
        let mut sent = Vec::new();
        send(&mut sent, message).unwrap_or_else(|error| panic!("send() failed: {error:?}"));
        let header: Option<[u8; 4]> = sent.get(..4).and_then(|four| four.try_into().ok());
        equal!(
            bytes(&sent),
            bytes(wire),
            "what send() wrote for a message of {} bytes: the length in network order, the largest \
             part first (byteorder(3)). Four bytes of another order are another number to the \
             peer: yours are {} to him. And the length counts the message alone",
            message.len(),
            header.map_or(0, u32::from_be_bytes)
        );
    }
    step!("now each write takes three bytes at most");
    let mut narrow = Narrow(Vec::new());
    send(&mut narrow, b"hello, world").unwrap_or_else(|error| panic!("send() failed: {error:?}"));
    equal!(
        bytes(&narrow.0),
        bytes(b"\0\0\0\x0chello, world"),
        "what arrived: write(2) says how many bytes it has taken, which may be fewer than it was \
         given. The rest has to be written again, or the next message begins inside this one"
    );
}

fn t2_a_message_comes_back() {
    for message in [&b"hello"[..], b"\0\xff\n\r\n", &[b'x'; 300]] {
        let mut stream = Pieces::new([&wire(message)[..]]);
        equal!(
            got(receive(&mut stream)),
            Ok(Some(bytes(message))),
            "receive() of {:?}, four bytes of length in network order and the message. Any byte \
             may be in it",
            bytes(&wire(message))
        );
    }
    let mut stream = Pieces::new([&wire(&[b'x'; LIMIT])[..]]);
    let message = receive(&mut stream);
    let length = message.as_ref().map(|message| message.as_ref().map_or(0, Vec::len));
    equal!(
        length.map_err(io::Error::kind),
        Ok(LIMIT),
        "the length of a message of exactly LIMIT bytes"
    );
}

fn t3_however_it_is_cut() {
    let wire = wire(b"hello");
    for at in 1..wire.len() {
        let mut stream = Pieces::new([&wire[..at], &wire[at..]]);
        let cut = match at {
            1..4 => format!("the header came in two pieces, of {at} and {} bytes", 4 - at),
            4 => "the header came alone, and the message later".into(),
            _ => format!("of the 5 bytes of the message, {} came first", at - 4),
        };
        equal!(
            got(receive(&mut stream)),
            Ok(Some(bytes(b"hello"))),
            "receive(), when {cut}. read(2) gives what has arrived, and says how much that is; it \
             does not wait until your buffer is full"
        );
    }
    step!("in two pieces, cut anywhere, it was the same message; now it comes byte by byte");
    let mut stream = Pieces::new(wire.chunks(1));
    equal!(got(receive(&mut stream)), Ok(Some(bytes(b"hello"))), "receive(), byte by byte");
}

fn t4_several_at_once() {
    let messages = [&b"one"[..], b"", b"three", b"", b""];
    let all: Vec<u8> = messages.iter().flat_map(|message| wire(message)).collect();
    let mut stream = Pieces::new([&all[..]]);
    let mut taken = 0;
    for message in messages {
        let result = got(receive(&mut stream));
        if message.is_empty() {
            equal!(
                result,
                Ok(Some(bytes(b""))),
                "an empty message, length 0: it is a message, and neither an end nor an error. The \
                 end is a read that returns 0 into a buffer that has room"
            );
        } else {
            equal!(
                result,
                Ok(Some(bytes(message))),
                "a message, several of which had come at once"
            );
        }
        taken += 4 + message.len();
        equal!(
            stream.taken,
            taken,
            "the number of bytes that receive() has taken from the stream so far. What it reads \
             beyond its message is the beginning of the next one: nobody will ever see it again, \
             when the buffer that holds it is gone at the end of the call"
        );
        step!("received {:?}", bytes(message));
    }
}

fn t5_the_end_between_two_messages() {
    let mut stream = Pieces::new([]);
    equal!(
        got(receive(&mut stream)),
        Ok(None),
        "receive(), when the peer closed without a message"
    );
    let mut stream = Pieces::new([&wire(b"last")[..]]);
    equal!(got(receive(&mut stream)), Ok(Some(bytes(b"last"))), "the message before the end");
    equal!(
        got(receive(&mut stream)),
        Ok(None),
        "receive(), when the peer has closed behind a whole message: that is how a conversation \
         ends, and no error"
    );
}

fn t6_the_end_inside() {
    let wire = wire(b"hello");
    for at in 1..wire.len() {
        let place = if at < 4 {
            format!("{at} of the 4 bytes of a length")
        } else {
            format!("a whole length, 5, and {} bytes of the message", at - 4)
        };
        equal!(
            got(receive(&mut Pieces::new([&wire[..at]]))),
            Err(ErrorKind::UnexpectedEof),
            "receive(), when the stream ended behind {place}. The sender has crashed, or was cut \
             off: half a receipt is no receipt, and nothing at all is no honest answer either"
        );
        let mut stream = Pieces::new([&wire[..at]]);
        stream.breaks = true;
        equal!(
            got(receive(&mut stream)),
            Err(ErrorKind::ConnectionReset),
            "receive(), when read(2) failed with ECONNRESET behind {place}"
        );
    }
    let mut stream = Pieces::new([]);
    stream.breaks = true;
    equal!(
        got(receive(&mut stream)),
        Err(ErrorKind::ConnectionReset),
        "receive(), when read(2) failed with ECONNRESET instead of the first byte. An error is not \
         the end of the stream: the sender may have had more to say"
    );
}

fn t7_a_length_that_lies() {
    // Not 4 GiB first: a small machine would refuse that by itself.
    for length in [u32::MAX >> 4, u32::MAX, LIMIT as u32 + 1] {
        let header = length.to_be_bytes();
        step!("a peer sends {:?}, a length of {length}, and then nothing", bytes(&header));
        let mut stream = Pieces::new([&header[..]]);
        stream.open = true;
        let (result, most) = memory::largest(|| got(receive(&mut stream)));
        assert!(
            most <= LIMIT,
            "your code asked the allocator for {most} bytes at once, because a stranger has sent \
             four bytes. It costs him nothing, and he can have a thousand connections. That \
             malloc(3) said yes means little: Linux gives out pages when they are written to"
        );
        assert!(
            stream.asked.is_none(),
            "your code called read again, for up to {} bytes more, and none will come: from a real \
             connection that call would return when it pleases the peer. The length alone is \
             enough to refuse the message",
            stream.asked.unwrap_or_default()
        );
        equal!(
            result,
            Err(ErrorKind::InvalidData),
            "receive() of a message of {length} bytes, where LIMIT is {LIMIT}"
        );
    }
}

fn t8_too_long_to_send() {
    let mut sent = Vec::new();
    let result = send(&mut sent, &[b'x'; LIMIT + 1]).map_err(|error| error.kind());
    assert!(
        sent.is_empty(),
        "{} bytes of a message of LIMIT + 1 bytes were written. The receiver refuses it and hangs \
         up, with all that is behind it; and a length that was sent cannot be taken back. Look \
         before the first byte",
        sent.len()
    );
    equal!(result, Err(ErrorKind::InvalidInput), "send() of LIMIT + 1 bytes");
    send(&mut sent, &[b'x'; LIMIT])
        .unwrap_or_else(|error| panic!("send() of exactly LIMIT bytes failed: {error:?}"));
    equal!(sent.len(), 4 + LIMIT, "the bytes on the wire of a message of exactly LIMIT bytes");
}

/// What a kernel may do to any call on a socket, and hardly ever does.
fn interruptions() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@read"], Act::Error(libc::EINTR)).fd(socket).every(3),
        Fault::on(&["@read"], Act::Short(2)).fd(socket).every(2),
        Fault::on(&["@write"], Act::Error(libc::EINTR)).fd(socket).every(3),
        Fault::on(&["@write"], Act::Short(3)).fd(socket).every(2),
    ]
}

fn t9_signals_and_short_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sender = peer::connect(listener.local_addr().unwrap()).unwrap();
    let mut receiver = listener.accept().unwrap().0;
    let messages = [&b"milk 1.29"[..], b"", b"bread 2.49", b"", b"eggs 3.19"];
    step!("your calls on a TCP connection are interrupted by signals, and cut short");
    for message in messages {
        send(&mut sender, message).unwrap_or_else(|error| panic!("send() failed: {error:?}"));
    }
    drop(sender);
    for message in messages {
        let result = receive(&mut receiver);
        let result = result.unwrap_or_else(|error| panic!("receive() failed: {error:?}"));
        equal!(result.map(|got| bytes(&got)), Some(bytes(message)), "a message, all the same");
    }
    let end = receive(&mut receiver).unwrap_or_else(|error| panic!("receive() failed: {error:?}"));
    equal!(end, None, "receive(), when the sender has closed");
}

/// As it shall be, by hand.
fn wire(message: &[u8]) -> Vec<u8> {
    [&u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn got(result: io::Result<Option<Vec<u8>>>) -> Result<Option<Bytes>, ErrorKind> {
    match result {
        Ok(message) => Ok(message.map(|message| bytes(&message))),
        Err(error) => Err(error.kind()),
    }
}

/// Takes three bytes of a write at most, as a full socket buffer may.
struct Narrow(Vec<u8>);

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(3);
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
