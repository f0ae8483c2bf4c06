//! What is known of a file without reading it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What tells one state of a file from another. Two equal facts are the same bytes, but for a file
/// that is written twice between two ticks of the kernel's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its length in bytes.
    pub size: u64,
    /// Its last modification, in seconds since 1970.
    pub seconds: i64,
    /// And the nanoseconds of that second.
    pub nanoseconds: i64,
    /// Which file it is.
    pub inode: u64,
    /// And of which file system.
    pub device: u64,
    /// Its last change of any kind (ctime): what cp -p puts in its place has another.
    pub changed: (i64, i64),
}

impl Facts {
    /// As the kernel told them.
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            seconds: metadata.mtime(),
            nanoseconds: metadata.mtime_nsec(),
            inode: metadata.ino(),
            device: metadata.dev(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// When it was modified last, for Last-Modified: in whole seconds, never later than now (RFC
    /// 9110, 8.8.2.1). None before 1970, which HTTP's dates may not be asked to say.
    pub fn modified(&self, now: SystemTime) -> Option<SystemTime> {
        let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let seconds = u64::try_from(self.seconds).ok()?;
        Some(UNIX_EPOCH + Duration::from_secs(seconds.min(now)))
    }
}
