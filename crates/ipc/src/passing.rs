//! Descriptors on their way through a socket (unix(7), SCM_RIGHTS; cmsg(3)).
//!
//! What arrives are new descriptors for the same open files: numbers of this process, owned and
//! close-on-exec from the first moment (MSG_CMSG_CLOEXEC).

use std::io::IoSlice;
use std::mem::size_of;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};

use syscall::Errno;

/// The most that one sendmsg(2) can carry: SCM_MAX_FD of the kernel.
pub(crate) const MOST: usize = 253;

/// Room for a control message with [`MOST`] descriptors, aligned as a `cmsghdr` wants it.
type Control = [u64; CONTROL_BYTES / size_of::<u64>()];

const CONTROL_BYTES: usize = space(MOST);

/// CMSG_SPACE(3) for so many descriptors.
#[allow(clippy::cast_possible_truncation, reason = "1032 bytes at most")]
const fn space(fds: usize) -> usize {
    // SAFETY: the macro only computes.
    unsafe { libc::CMSG_SPACE((fds * size_of::<RawFd>()) as u32) as usize }
}

/// sendmsg(2) with MSG_DONTWAIT and MSG_NOSIGNAL: how many bytes it took. The descriptors travel
/// with the first of them.
pub(crate) fn send(
    socket: BorrowedFd<'_>,
    parts: &[IoSlice<'_>],
    fds: &[BorrowedFd<'_>],
) -> Result<usize, Errno> {
    let mut control: Control = [0; _];
    let mut header = empty();
    // An IoSlice is an iovec (std promises it), and sendmsg only reads them.
    header.msg_iov = parts.as_ptr().cast_mut().cast();
    header.msg_iovlen = parts.len();
    if !fds.is_empty() {
        if fds.len() > MOST {
            return Err(Errno::EINVAL);
        }
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = space(fds.len());
        put(&header, fds);
    }
    let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: the header points to slices that are borrowed and to `control`, all alive here.
    let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const header, flags) };
    Errno::result(sent).map(isize::cast_unsigned)
}

/// Fills the control message of `header`, which has room for `fds`.
#[allow(clippy::cast_possible_truncation, reason = "1012 bytes at most")]
fn put(header: &libc::msghdr, fds: &[BorrowedFd<'_>]) {
    // SAFETY: msg_control and msg_controllen describe a live buffer.
    let first = unsafe { libc::CMSG_FIRSTHDR(header) };
    // SAFETY: the macro only computes.
    let length = unsafe { libc::CMSG_LEN(size_of_val(fds) as u32) } as usize;
    let cmsg = libc::cmsghdr {
        cmsg_len: length,
        cmsg_level: libc::SOL_SOCKET,
        cmsg_type: libc::SCM_RIGHTS,
    };
    // SAFETY: the buffer is aligned and larger than a header, so `first` points to one.
    unsafe { first.write(cmsg) };
    // SAFETY: `first` is a header inside the buffer.
    let data = unsafe { libc::CMSG_DATA(first) };
    // SAFETY: the room behind the header was computed from the number of descriptors; a
    // BorrowedFd is a RawFd in memory (std promises it), and the two buffers are not the same.
    unsafe { data.copy_from_nonoverlapping(fds.as_ptr().cast(), size_of_val(fds)) };
}

/// What a recvmsg(2) has brought.
pub(crate) struct Received {
    /// Bytes; 0 is the end.
    pub(crate) bytes: usize,
    /// The descriptors, when some were sent: fewer than that when this process could not have
    /// more (MSG_CTRUNC; the kernel has closed the others).
    pub(crate) fds: Option<Vec<OwnedFd>>,
}

/// recvmsg(2). It never goes beyond the bytes that came with one set of descriptors.
pub(crate) fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
    wait: bool,
) -> Result<Received, Errno> {
    let mut control: Control = [0; _];
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let mut header = empty();
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = CONTROL_BYTES;
    let flags = libc::MSG_CMSG_CLOEXEC | if wait { 0 } else { libc::MSG_DONTWAIT };
    // SAFETY: the header points to `part`, which is `buffer`, and to `control`, all alive and
    // exclusively ours.
    let n = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags) };
    let bytes = Errno::result(n)?.cast_unsigned();
    let mut fds = take(&header);
    if header.msg_flags & libc::MSG_CTRUNC != 0 {
        fds.get_or_insert_default();
    }
    Ok(Received { bytes, fds })
}

/// Owns every descriptor in the control messages of `header`.
fn take(header: &libc::msghdr) -> Option<Vec<OwnedFd>> {
    let mut fds = None;
    // SAFETY: the kernel has set msg_controllen to what it has written into the buffer.
    let mut next = unsafe { libc::CMSG_FIRSTHDR(header) };
    // SAFETY: the macros give a null pointer or one to a whole header inside the buffer.
    while let Some(cmsg) = unsafe { next.as_ref() } {
        if (cmsg.cmsg_level, cmsg.cmsg_type) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            // SAFETY: the macro only computes.
            let before = unsafe { libc::CMSG_LEN(0) } as usize;
            // SAFETY: `next` is a header inside the buffer.
            let data = unsafe { libc::CMSG_DATA(next) };
            let fds = fds.get_or_insert_with(Vec::new);
            for i in 0..(cmsg.cmsg_len - before) / size_of::<RawFd>() {
                // SAFETY: cmsg_len counts the descriptors, and i is one of them.
                let place = unsafe { data.add(i * size_of::<RawFd>()) };
                // SAFETY: the place lies in the buffer; its alignment is not relied on.
                let fd = unsafe { place.cast::<RawFd>().read_unaligned() };
                // SAFETY: the kernel has just made this descriptor for us.
                fds.push(unsafe { OwnedFd::from_raw_fd(fd) });
            }
        }
        // SAFETY: `next` came from this header.
        next = unsafe { libc::CMSG_NXTHDR(header, next) };
    }
    fds
}

fn empty() -> libc::msghdr {
    // SAFETY: a msghdr consists of integers and pointers, for which zeros are a value.
    unsafe { std::mem::zeroed() }
}
