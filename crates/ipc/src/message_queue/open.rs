//! Making and finding queues (mq_open(3)).

use std::ffi::CStr;
use std::fs;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::sync::atomic::{AtomicU32, Ordering};

use nix::unistd::getpid;
use syscall::{Context as _, Errno};

use super::MessageQueue;
use super::name::{Name, check};
use crate::error::{Error, Result};

const NEW: i32 = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL;

pub(super) fn create(name: &str, capacity: usize, message_size: usize) -> Result<MessageQueue> {
    // Whoever makes it has to know, so that it is unlinked once: found and made are two calls.
    loop {
        match create_new(name, capacity, message_size) {
            Err(error) if error.errno() == Errno::EEXIST => {}
            made => return made,
        }
        match open(name) {
            Err(error) if error.errno() == Errno::ENOENT => {}
            found => return found,
        }
    }
}

pub(super) fn create_new(name: &str, capacity: usize, message_size: usize) -> Result<MessageQueue> {
    let c_name = check(name)?;
    let refuse = |errno| refused(errno, name, capacity, message_size);
    let fd = make(&c_name, capacity, message_size).map_err(refuse)?;
    let name = Name::of(c_name, &fd)?;
    queue(fd, Some(name))
}

pub(super) fn open(name: &str) -> Result<MessageQueue> {
    queue(descriptor(&check(name)?, libc::O_RDWR, None).call_on("mq_open", name)?, None)
}

pub(super) fn anonymous(capacity: usize, message_size: usize) -> Result<MessageQueue> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        // Somebody else may have the name, on purpose or from another pid namespace.
        let name = format!("/ipc-{}-{number}", getpid());
        match create_new(&name, capacity, message_size) {
            Err(error) if error.errno() == Errno::EEXIST => {}
            Err(error) => return Err(error),
            Ok(mut queue) => {
                // Dropped, it is gone.
                queue.name = None;
                return Ok(queue);
            }
        }
    }
}

fn queue(fd: OwnedFd, name: Option<Name>) -> Result<MessageQueue> {
    let Attributes { capacity, message_size, .. } = attributes(&fd)?;
    Ok(MessageQueue { fd, capacity, message_size, name })
}

fn make(name: &CStr, capacity: usize, message_size: usize) -> nix::Result<OwnedFd> {
    // A number beyond a long is beyond every limit.
    let long = |number: usize| number.try_into().unwrap_or(libc::c_long::MAX);
    let mut attributes = nothing();
    attributes.mq_maxmsg = long(capacity);
    attributes.mq_msgsize = long(message_size);
    descriptor(name, NEW, Some(&attributes))
}

/// mq_open(3). On Linux a queue's descriptor is a file descriptor.
pub(super) fn descriptor(
    name: &CStr,
    flags: i32,
    attributes: Option<&libc::mq_attr>,
) -> nix::Result<OwnedFd> {
    let attributes = attributes.map_or(std::ptr::null(), std::ptr::from_ref);
    let (mode, flags): (libc::c_uint, _) = (0o600, flags | libc::O_CLOEXEC);
    // SAFETY: the name ends with a NUL; the attributes are borrowed or null, which is allowed.
    let fd = unsafe { libc::mq_open(name.as_ptr(), flags, mode, attributes) };
    let fd = Errno::result(fd)?;
    // SAFETY: the call has made this descriptor, and nobody else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

pub(super) struct Attributes {
    pub(super) waiting: usize,
    capacity: usize,
    message_size: usize,
}

pub(super) fn attributes(fd: &OwnedFd) -> Result<Attributes> {
    let mut now = nothing();
    // SAFETY: the answer goes to memory of our own.
    let done = unsafe { libc::mq_getattr(fd.as_raw_fd(), &raw mut now) };
    Errno::result(done).call("mq_getattr")?;
    let size = |number: libc::c_long| usize::try_from(number).unwrap_or(0);
    Ok(Attributes {
        waiting: size(now.mq_curmsgs),
        capacity: size(now.mq_maxmsg),
        message_size: size(now.mq_msgsize),
    })
}

fn nothing() -> libc::mq_attr {
    // SAFETY: an mq_attr consists of integers, for which zeros are a value.
    unsafe { std::mem::zeroed() }
}

/// The error of mq_open, with the limit that was hit.
fn refused(errno: Errno, name: &str, capacity: usize, message_size: usize) -> Error {
    let limit = |file: &str| {
        let text = fs::read_to_string(format!("/proc/sys/fs/mqueue/{file}")).unwrap_or_default();
        format!("fs.mqueue.{file} is {}", text.trim_end())
    };
    let asked = format!("{name}: {capacity} messages of {message_size} bytes");
    let subject = match errno {
        Errno::EINVAL => format!("{asked}; {}, {}", limit("msg_max"), limit("msgsize_max")),
        Errno::ENOSPC => format!("{name}; {}", limit("queues_max")),
        Errno::EMFILE => format!("{asked}; the limits are RLIMIT_MSGQUEUE and RLIMIT_NOFILE"),
        _ => name.into(),
    };
    syscall::Error::new("mq_open", errno).on(subject).into()
}
