//! A queue that is closed when it goes out of use.

use std::process::id;

use cli::Outcome;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_close, mq_open, mq_receive, mq_send, mq_unlink};
use nix::sys::stat::Mode;

/// The largest message in these lessons, in bytes.
pub(crate) const SIZE: usize = 32;

/// nix closes no queue by itself: an MqdT is a number.
pub(crate) struct Queue(Option<MqdT>);

impl Queue {
    /// A queue for this process and its children. It loses its name at once: nobody else finds
    /// it, and nothing is left behind, whatever happens.
    pub(crate) fn new(what: &str, capacity: i64) -> Outcome<Self> {
        let name = name(what);
        let queue = Self::create(&name, capacity)?;
        mq_unlink(&*name)?;
        Ok(queue)
    }

    /// mq_open(3) with O_EXCL: a queue that somebody else has is not taken for ours. The name and
    /// the rights are those of a file, and close-on-exec is set on Linux in any case.
    pub(crate) fn create(name: &str, capacity: i64) -> Outcome<Self> {
        let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
        let limits = MqAttr::new(0, capacity, i64::try_from(SIZE)?, 0);
        let fd = mq_open(name, flags, Mode::S_IRUSR | Mode::S_IWUSR, Some(&limits))?;
        Ok(Self(Some(fd)))
    }

    pub(crate) fn open(name: &str) -> nix::Result<Self> {
        let flags = MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
        mq_open(name, flags, Mode::empty(), None).map(|fd| Self(Some(fd)))
    }

    pub(crate) fn fd(&self) -> &MqdT {
        self.0.as_ref().expect("it is there until drop")
    }

    pub(crate) fn send(&self, text: &str, priority: u32) -> nix::Result<()> {
        mq_send(self.fd(), text.as_bytes(), priority)
    }

    /// The next message and its priority.
    pub(crate) fn receive(&self) -> nix::Result<(String, u32)> {
        let (mut bytes, mut priority) = ([0; SIZE], 0);
        let n = mq_receive(self.fd(), &mut bytes, &mut priority)?;
        Ok((String::from_utf8_lossy(&bytes[..n]).into(), priority))
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(fd) = self.0.take() {
            // Closing is all that can be done, and nobody is left to be told.
            let _ = mq_close(fd);
        }
    }
}

/// A slash and no other: a name in a world of its own, which `ls /dev/mqueue` shows where it is
/// mounted. The process id keeps two runs of the lesson apart.
pub(crate) fn name(what: &str) -> String {
    format!("/day06-{what}-{}", id())
}
