//! /proc/PID/fdinfo/FD (proc_pid_fdinfo(5)): the offset, the flags, the locks, and for a few kinds
//! of descriptors all that there is to know.

use std::collections::BTreeMap;

use libc::c_int;

use crate::state::{Lock, LockKind};

/// What the file says. Fields that a kind of descriptor does not have are empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FdInfo {
    pub(super) offset: u64,
    pub(super) flags: c_int,
    pub(super) locks: Vec<Lock>,
    /// epoll: descriptor → events.
    pub(super) watches: BTreeMap<i32, u32>,
    /// eventfd.
    pub(super) count: u64,
    /// signalfd.
    pub(super) mask: u64,
    /// pidfd; -1 when the process has been waited for.
    pub(super) pid: i32,
}

impl FdInfo {
    /// A line that is not understood says nothing: kernels add new ones.
    pub(super) fn parse(text: &str) -> Self {
        let mut info = Self { pid: -1, ..Self::default() };
        for line in text.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key {
                "pos" => info.offset = value.parse().unwrap_or(0),
                "flags" => info.flags = c_int::from_str_radix(value, 8).unwrap_or(0),
                "lock" => info.locks.extend(lock(value)),
                "tfd" => info.watches.extend(watch(value)),
                "eventfd-count" => info.count = u64::from_str_radix(value, 16).unwrap_or(0),
                "sigmask" => info.mask = u64::from_str_radix(value, 16).unwrap_or(0),
                "Pid" => info.pid = value.parse().unwrap_or(-1),
                _ => {}
            }
        }
        info
    }
}

/// `4 events:       19 data:                4  pos:0 ino:76f4b5 sdev:9`
fn watch(text: &str) -> Option<(i32, u32)> {
    let mut words = text.split_whitespace();
    let fd = words.next()?.parse().ok()?;
    let events = words.nth(1)?;
    Some((fd, u32::from_str_radix(events, 16).ok()?))
}

/// `1: POSIX  ADVISORY  WRITE 19444 fe:00:11886725 5 14`, as in proc_locks(5). The process in it
/// is who has made the lock, which need not be anybody who still has it.
fn lock(text: &str) -> Option<Lock> {
    let mut words = text.split_whitespace().skip(1);
    let kind = match words.next()? {
        "FLOCK" => LockKind::Flock,
        "POSIX" => LockKind::Posix,
        "OFDLCK" => LockKind::Ofd,
        _ => return None,
    };
    let exclusive = words.nth(1)? == "WRITE";
    let start = words.nth(2)?.parse().ok()?;
    let end = words.next()?;
    let end = if end == "EOF" { None } else { Some(end.parse().ok()?) };
    Some(Lock { kind, exclusive, start, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_text_is_understood() {
        let text = "pos:\t5\nflags:\t02104002\nmnt_id:\t27\nino:\t11886725\n\
                    lock:\t1: FLOCK  ADVISORY  READ 19444 fe:00:11886725 0 EOF\n\
                    lock:\t2: OFDLCK ADVISORY  WRITE -1 fe:00:11886725 5 14\n\
                    lock:\t3: LEASE  ACTIVE    READ 19444 fe:00:11886725 0 EOF\n\
                    tfd:        4 events: 80000019 data:                4  pos:0 ino:76f4b5 sdev:9\n\
                    eventfd-count:               1f\nsigmask:\t0000000000000200\nPid:\t12\nnew: x\n";
        let flock = Lock { kind: LockKind::Flock, exclusive: false, start: 0, end: None };
        let ofd = Lock { kind: LockKind::Ofd, exclusive: true, start: 5, end: Some(14) };
        let expected = FdInfo {
            offset: 5,
            flags: libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC | 0o100_000,
            locks: vec![flock, ofd],
            watches: [(4, 0x8000_0019)].into(),
            count: 0x1f,
            mask: 0x200,
            pid: 12,
        };
        assert_eq!(FdInfo::parse(text), expected);
        let nothing = FdInfo { pid: -1, ..FdInfo::default() };
        assert_eq!(FdInfo::parse("lock:\ntfd: x\nlock: 1: POSIX\npos: -"), nothing);
    }
}
