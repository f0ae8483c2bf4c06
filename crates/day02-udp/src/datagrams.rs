//! What a datagram is: bounded, whole, perhaps empty, and not above 65507 bytes (udp(7)).

use std::io::{self, IoSliceMut};
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, SockaddrStorage, recvmsg};

use crate::peer::LARGEST;
use crate::say;

pub(crate) fn run() -> Outcome {
    say("datagrams")?;
    let (sender, receiver) = pair()?;
    let mut room = vec![0; LARGEST];

    // Three sends are three datagrams: nothing sticks, and the reader need not look for bounds.
    // The middle one is empty, and legal: for UDP, a read of 0 is no end.
    for message in ["one", "", "three"] {
        sender.send(message.as_bytes())?;
    }
    let reads = [receiver.recv(&mut room)?, receiver.recv(&mut room)?, receiver.recv(&mut room)?];
    say(&format!("  \"one\", \"\" and \"three\" are sent, and three reads give {reads:?} bytes"))?;

    cut(&sender, &receiver)?;

    // The limit is that of IP's length field. Nothing is cut here: the call refuses.
    let n = sender.send(&vec![b'.'; LARGEST])?;
    let got = receiver.recv(&mut room)?;
    say(&format!("  {LARGEST} bytes: {n} sent, {got} received in one read"))?;
    let refused = sender.send(&vec![b'.'; LARGEST + 1]);
    say(&format!("  {} bytes: {}", LARGEST + 1, outcome(refused)))
}

/// A buffer that is too short. The notes say that UDP does not guarantee completeness: the
/// network delivers a datagram whole or not at all. It is the reader who cuts it.
fn cut(sender: &UdpSocket, receiver: &UdpSocket) -> Outcome {
    for _ in 0..3 {
        sender.send(b"0123456789")?;
    }
    sender.send(b"next")?;
    let mut short = [0; 4];
    let n = receiver.recv(&mut short)?;
    let text = String::from_utf8_lossy(&short[..n]);
    say(&format!("  10 bytes into room for 4: recv gives {n}, {text:?}, and no error"))?;

    // recvmsg(2) has a place for a warning: the flag MSG_TRUNC comes back.
    let (n, flags) = receive(receiver, &mut short, MsgFlags::empty())?;
    say(&format!("  the same by recvmsg: {n} bytes and {}", names(flags)))?;

    // MSG_TRUNC can be asked for as well: then the number is the datagram's true size.
    let (n, flags) = receive(receiver, &mut short, MsgFlags::MSG_TRUNC)?;
    say(&format!("  the same, asked with MSG_TRUNC: {n} bytes and {}", names(flags)))?;

    // The rest does not wait for the next read, as it would in a stream.
    let n = receiver.recv(&mut short)?;
    say(&format!("  the next read: {:?}; the rests are gone", String::from_utf8_lossy(&short[..n])))
}

fn receive(socket: &UdpSocket, room: &mut [u8], flags: MsgFlags) -> nix::Result<(usize, MsgFlags)> {
    let mut parts = [IoSliceMut::new(room)];
    let came = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, None, flags)?;
    Ok((came.bytes, came.flags))
}

fn names(flags: MsgFlags) -> String {
    let names: Vec<&str> = flags.iter_names().map(|(name, _)| name).collect();
    if names.is_empty() { "no flag".into() } else { names.join(" | ") }
}

/// A sender that is connected to a receiver. What should have come and did not is an error after
/// five seconds: a lesson about UDP must not wait for ever.
pub(crate) fn pair() -> io::Result<(UdpSocket, UdpSocket)> {
    let (sender, receiver) = (socket()?, socket()?);
    sender.connect(receiver.local_addr()?)?;
    Ok((sender, receiver))
}

pub(crate) fn socket() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    Ok(socket)
}

/// `Ok(3)`, or the errno's name.
pub(crate) fn outcome(result: io::Result<usize>) -> String {
    match result {
        Ok(n) => format!("Ok({n})"),
        Err(error) => match error.raw_os_error().map(Errno::from_raw) {
            Some(errno) => format!("{errno:?}, {}", errno.desc()),
            None => error.to_string(),
        },
    }
}
