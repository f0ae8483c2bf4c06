//! A duplicate of another process's descriptor, and the questions that can be asked of it without
//! changing anything.

use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd as _, OwnedFd, RawFd};

use libc::{c_int, c_long};
use syscall::Errno;

use crate::call::Address;
use crate::decode;
use crate::sys::Tid;

/// A duplicate of a process's descriptor, if it is a socket's.
pub(crate) fn socket(pid: Tid, fd: RawFd) -> Option<Duplicate> {
    let link = std::fs::read_link(format!("/proc/{pid}/fd/{fd}")).ok()?;
    link.to_str()?.strip_prefix("socket:")?;
    Source::open(pid).duplicate(fd)
}

/// Makes duplicates of a process's descriptors.
#[derive(Debug)]
pub(super) struct Source(Option<OwnedFd>);

impl Source {
    /// A process that has ended, or a kernel that does not know pidfd_open(2), gives none.
    pub(super) fn open(pid: Tid) -> Self {
        // SAFETY: pidfd_open(2) takes two integers and touches no memory of ours.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        Self(owned(fd))
    }

    /// The same open file description, close-on-exec, closed when it is dropped.
    pub(super) fn duplicate(&self, fd: RawFd) -> Option<Duplicate> {
        let process = self.0.as_ref()?.as_raw_fd();
        // SAFETY: pidfd_getfd(2) takes three integers and touches no memory of ours.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_getfd, process, fd, 0) };
        owned(fd).map(Duplicate)
    }
}

/// The descriptor that a call has just made.
fn owned(result: c_long) -> Option<OwnedFd> {
    let fd = RawFd::try_from(Errno::result(result).ok()?).ok()?;
    // SAFETY: the call has succeeded, so this is a new descriptor that nobody else knows of.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// What an option of a socket can be.
///
/// # Safety
/// It consists of integers: whatever bytes the kernel stores are a value of it.
unsafe trait Integers {}

// SAFETY: an integer.
unsafe impl Integers for c_int {}

// SAFETY: a C struct of integers.
unsafe impl Integers for libc::tcp_info {}

// SAFETY: a C struct of integers.
unsafe impl Integers for libc::timeval {}

/// Somebody else's open file description. Only questions: nothing here reads, writes or sets.
#[derive(Debug)]
pub(crate) struct Duplicate(OwnedFd);

impl AsRawFd for Duplicate {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// A question of ioctl(2) that stores one int.
#[derive(Clone, Copy, Debug)]
pub(super) enum Count {
    /// FIONREAD: bytes that can be read (pipe(7), tcp(7), udp(7), unix(7)).
    Readable,
    /// SIOCOUTQNSD: bytes of a TCP socket that have not been sent yet.
    Unsent,
}

/// linux/sockios.h, Linux 2.6.39; libc does not have it.
const SIOCOUTQNSD: u32 = 0x894b;

impl Duplicate {
    pub(super) fn count(&self, what: Count) -> Option<u64> {
        let request = match what {
            Count::Readable => libc::FIONREAD,
            Count::Unsent => SIOCOUTQNSD.into(),
        };
        let mut count: c_int = 0;
        // SAFETY: both requests store one int at the pointer.
        let result = unsafe { libc::ioctl(self.0.as_raw_fd(), request, &raw mut count) };
        Errno::result(result).ok()?;
        count.try_into().ok()
    }

    /// F_GETPIPE_SZ.
    pub(super) fn pipe_capacity(&self) -> Option<u64> {
        // SAFETY: F_GETPIPE_SZ takes no argument and touches no memory.
        let size = unsafe { libc::fcntl(self.0.as_raw_fd(), libc::F_GETPIPE_SZ) };
        size.try_into().ok()
    }

    /// mq_getattr(3): messages in the queue, and how many fit.
    pub(super) fn queue(&self) -> Option<(u64, u64)> {
        let mut attributes = MaybeUninit::<libc::mq_attr>::zeroed();
        // SAFETY: mq_getattr stores one mq_attr at the pointer.
        let result = unsafe { libc::mq_getattr(self.0.as_raw_fd(), attributes.as_mut_ptr()) };
        Errno::result(result).ok()?;
        // SAFETY: a struct of integers, for which zeros are valid, and the call has filled it in.
        let attributes = unsafe { attributes.assume_init() };
        Some((attributes.mq_curmsgs.try_into().ok()?, attributes.mq_maxmsg.try_into().ok()?))
    }

    /// A socket option that is an int.
    pub(crate) fn option(&self, name: c_int) -> Option<c_int> {
        let mut value: c_int = 0;
        self.get(libc::SOL_SOCKET, name, &mut value).then_some(value)
    }

    /// SO_RCVTIMEO or SO_SNDTIMEO (socket(7)).
    pub(crate) fn limit(&self, name: c_int) -> Option<libc::timeval> {
        let mut value = libc::timeval { tv_sec: 0, tv_usec: 0 };
        self.get(libc::SOL_SOCKET, name, &mut value).then_some(value)
    }

    /// TCP_INFO (tcp(7)): the state, and of a listener how many wait and how many may.
    pub(super) fn tcp(&self) -> Option<(u8, u32, u32)> {
        // SAFETY: a struct of integers, for which zeros are valid.
        let mut info: libc::tcp_info = unsafe { std::mem::zeroed() };
        let known = self.get(libc::IPPROTO_TCP, libc::TCP_INFO, &mut info);
        known.then_some((info.tcpi_state, info.tcpi_unacked, info.tcpi_sacked))
    }

    fn get<T: Integers>(&self, level: c_int, name: c_int, value: &mut T) -> bool {
        let Ok(mut length) = libc::socklen_t::try_from(size_of::<T>()) else { return false };
        let to = (&raw mut *value).cast();
        // SAFETY: getsockopt(2) stores at most `length` bytes at `to`, which is the size of the
        // value, and the number of them at `length`.
        let result =
            unsafe { libc::getsockopt(self.0.as_raw_fd(), level, name, to, &raw mut length) };
        result == 0
    }

    /// getsockname(2).
    pub(super) fn local(&self) -> Option<Address> {
        self.name(libc::getsockname)
    }

    /// getpeername(2).
    pub(super) fn peer(&self) -> Option<Address> {
        self.name(libc::getpeername)
    }

    fn name(
        &self,
        call: unsafe extern "C" fn(c_int, *mut libc::sockaddr, *mut libc::socklen_t) -> c_int,
    ) -> Option<Address> {
        let mut bytes = [0u8; size_of::<libc::sockaddr_storage>()];
        let mut length = libc::socklen_t::try_from(bytes.len()).ok()?;
        // SAFETY: both calls store at most `length` bytes at the pointer, and at `length` how many
        // the address has.
        let result =
            unsafe { call(self.0.as_raw_fd(), bytes.as_mut_ptr().cast(), &raw mut length) };
        Errno::result(result).ok()?;
        // A path that fills its sockaddr_un has a length beyond it (unix(7)).
        decode::address(bytes.get(..usize::try_from(length).ok()?.min(bytes.len()))?)
    }
}
