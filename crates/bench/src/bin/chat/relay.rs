//! The room as one would write it in C: recvfrom, compare names, one sendto per member. Nothing is
//! allocated after a login and nothing is checked that costs time.

use std::io::{self, Write as _};
use std::mem::MaybeUninit;
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;

use cli::Outcome;
use libc::{c_int, sockaddr, sockaddr_in, socklen_t};
use nix::errno::Errno;
use syscall::Context as _;

/// What a request may be long; a notice is longer by some words.
const LONGEST: usize = 1_024;
#[allow(clippy::cast_possible_truncation, reason = "it is 16")]
const SIZE: socklen_t = size_of::<sockaddr_in>() as socklen_t;

struct Member {
    name: Vec<u8>,
    address: sockaddr_in,
}

/// Serves for ever.
pub(crate) fn run() -> Outcome {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", socket.local_addr()?)?;
    out.flush()?;
    let fd = socket.as_raw_fd();
    let mut members: Vec<Member> = Vec::new();
    let mut request = [0; LONGEST];
    let mut notice = Vec::with_capacity(2 * LONGEST);
    loop {
        let (length, sender) = receive(fd, &mut request)?;
        let Some((kind, rest)) = request[..length].split_first_chunk::<2>() else { continue };
        let end = rest.iter().position(|&byte| byte == b' ').unwrap_or(rest.len());
        let (name, text) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
        notice.clear();
        match kind {
            b"L " => {
                send(fd, b"OK", &sender);
                notice.extend_from_slice("\n欢迎 ".as_bytes());
                notice.extend_from_slice(name);
                notice.extend_from_slice(" 进入聊天室".as_bytes());
                tell(fd, &members, name, &notice);
                members.push(Member { name: name.to_vec(), address: sender });
            }
            b"C " => {
                notice.push(b'\n');
                notice.extend_from_slice(name);
                notice.extend_from_slice(" 说:".as_bytes());
                notice.extend_from_slice(text);
                tell(fd, &members, name, &notice);
            }
            _ => {}
        }
    }
}

fn tell(fd: c_int, members: &[Member], by: &[u8], notice: &[u8]) {
    for member in members {
        if member.name != by {
            send(fd, notice, &member.address);
        }
    }
}

fn receive(fd: c_int, into: &mut [u8]) -> syscall::Result<(usize, sockaddr_in)> {
    let (place, room) = (into.as_mut_ptr().cast(), into.len());
    let mut sender = MaybeUninit::<sockaddr_in>::zeroed();
    let (from, mut size) = (sender.as_mut_ptr().cast::<sockaddr>(), SIZE);
    // SAFETY: both places are ours and as long as is said; the kernel writes no more than that.
    let length = unsafe { libc::recvfrom(fd, place, room, 0, from, &raw mut size) };
    let length = Errno::result(length).call("recvfrom")?;
    // SAFETY: all bytes zero are an address, and so is what the kernel has written over them.
    let sender = unsafe { sender.assume_init() };
    Ok((usize::try_from(length).unwrap_or_default(), sender))
}

/// A datagram that the kernel does not take is lost, as any may be.
fn send(fd: c_int, bytes: &[u8], to: &sockaddr_in) {
    let to = std::ptr::from_ref(to).cast::<sockaddr>();
    // SAFETY: the kernel reads the bytes and the address, which are as long as is said.
    unsafe { libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), 0, to, SIZE) };
}
