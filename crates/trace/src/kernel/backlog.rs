//! How many connections wait at a Unix listener: getsockopt does not tell, sock_diag(7) does.

use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};

use syscall::Errno;

use crate::state::Backlog;

/// linux/sock_diag.h and linux/unix_diag.h, which libc does not have.
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const UDIAG_SHOW_RQLEN: u32 = 0x10;
const UNIX_DIAG_RQLEN: u16 = 4;
/// As in libc, but of the width that they have in a message.
const AF_UNIX: u8 = 1;
const NLM_F_REQUEST: u16 = 1;
/// The message that is sent: nlmsghdr and unix_diag_req.
const REQUEST: usize = 16 + 24;
/// Before the attributes of an answer: nlmsghdr and unix_diag_msg.
const HEADERS: usize = 16 + 16;

/// Asks about Unix listeners by their inodes. Opened at the first question.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    socket: Option<OwnedFd>,
    tried: bool,
}

impl Listeners {
    /// `None` where the kernel does not have unix_diag or a sandbox forbids netlink.
    pub(super) fn backlog(&mut self, inode: u64) -> Option<Backlog> {
        if !std::mem::replace(&mut self.tried, true) {
            self.socket = open();
        }
        let socket = self.socket.as_ref()?;
        // Inodes of sockets have 32 bits.
        let request = request(inode.try_into().ok()?);
        // SAFETY: send(2) reads as many bytes as the request has.
        let sent = unsafe {
            libc::send(
                socket.as_raw_fd(),
                request.as_ptr().cast(),
                request.len(),
                libc::MSG_DONTWAIT,
            )
        };
        Errno::result(sent).ok()?;
        let mut answer = [0u8; 512];
        // The kernel has answered before send returned: this does not wait.
        // SAFETY: recv(2) stores at most as many bytes as the buffer has.
        let received = unsafe {
            libc::recv(
                socket.as_raw_fd(),
                answer.as_mut_ptr().cast(),
                answer.len(),
                libc::MSG_DONTWAIT,
            )
        };
        let length = usize::try_from(Errno::result(received).ok()?).ok()?;
        parse(answer.get(..length)?)
    }
}

fn open() -> Option<OwnedFd> {
    let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC;
    // SAFETY: socket(2) takes three integers and touches no memory of ours.
    let fd = unsafe { libc::socket(libc::AF_NETLINK, kind, libc::NETLINK_SOCK_DIAG) };
    let fd = Errno::result(fd).ok()?;
    // SAFETY: the call has succeeded, so this is a new descriptor that nobody else knows of.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// One socket, whatever its state, by its inode and without a cookie.
fn request(inode: u32) -> [u8; REQUEST] {
    let mut message = [0; REQUEST];
    let mut put = |at: usize, bytes: &[u8]| message[at..at + bytes.len()].copy_from_slice(bytes);
    // nlmsghdr: length, type, flags.
    put(0, &40u32.to_ne_bytes());
    put(4, &SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    put(6, &NLM_F_REQUEST.to_ne_bytes());
    // unix_diag_req: family, states, inode, what to show, cookie.
    put(16, &[AF_UNIX]);
    put(20, &u32::MAX.to_ne_bytes());
    put(24, &inode.to_ne_bytes());
    put(28, &UDIAG_SHOW_RQLEN.to_ne_bytes());
    put(32, &[u8::MAX; 8]);
    message
}

/// Finds unix_diag_rqlen among the attributes. An error has another type.
fn parse(answer: &[u8]) -> Option<Backlog> {
    let half = |at: usize| Some(u16::from_ne_bytes(*answer.get(at..)?.first_chunk()?));
    let word = |at: usize| Some(u32::from_ne_bytes(*answer.get(at..)?.first_chunk()?));
    if half(4)? != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let mut at = HEADERS;
    while half(at + 2)? != UNIX_DIAG_RQLEN {
        // Attributes begin at multiples of 4; each has at least its header.
        at += usize::from(half(at)?).max(4).next_multiple_of(4);
    }
    Some(Backlog { waiting: word(at + 4)?, limit: Some(word(at + 8)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_the_queue_gives_nothing() {
        let mut answer = vec![0; HEADERS];
        answer[4..6].copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        assert_eq!(parse(&answer), None);
        // An attribute of another type first.
        answer.extend([6u16.to_ne_bytes(), 0u16.to_ne_bytes()].concat());
        answer.extend([1, 2, 0, 0]);
        assert_eq!(parse(&answer), None);
        answer.extend([12u16.to_ne_bytes(), UNIX_DIAG_RQLEN.to_ne_bytes()].concat());
        answer.extend([3u32.to_ne_bytes(), 128u32.to_ne_bytes()].concat());
        assert_eq!(parse(&answer), Some(Backlog { waiting: 3, limit: Some(128) }));
        answer[4] = 2;
        assert_eq!(parse(&answer), None, "an error");
        assert_eq!(parse(b""), None);
    }
}
