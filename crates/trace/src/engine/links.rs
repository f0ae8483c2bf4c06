//! What descriptors stand for, in the kernel's words (proc_pid_fd(5)): asked at nearly every call, and
//! nearly always of the same few. So an answer is kept until a number may stand for something else.

use std::collections::HashMap;
use std::rc::Rc;

use crate::sys::Tid;

/// The answers, by process and descriptor.
#[derive(Debug, Default)]
pub(super) struct Links(HashMap<(Tid, u64), Rc<str>>);

impl Links {
    /// What the descriptor in this argument stands for, such as `pipe:[7795892]`; `None` when it is
    /// closed.
    pub(super) fn of(&mut self, pid: Tid, argument: u64) -> Option<Rc<str>> {
        // An int: its upper half is not looked at.
        let fd = argument & 0xffff_ffff;
        if let Some(known) = self.0.get(&(pid, fd)) {
            return Some(Rc::clone(known));
        }
        let link = std::fs::read_link(format!("/proc/{pid}/fd/{fd}")).ok()?;
        let link: Rc<str> = link.to_string_lossy().into();
        self.0.insert((pid, fd), Rc::clone(&link));
        Some(link)
    }

    /// A call has returned, or sleeps and may have done a part of its work.
    pub(super) fn by_call(&mut self, number: u64) {
        if gives_up_a_number(number) {
            self.forget();
        }
    }

    /// A process has ended, or runs another program. Who shares his descriptors with whom is not
    /// known, so nothing is kept of anybody's.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

fn gives_up_a_number(number: u64) -> bool {
    #[cfg(target_arch = "x86_64")]
    if number == libc::SYS_dup2.cast_unsigned() {
        return true;
    }
    matches!(
        libc::c_long::try_from(number),
        Ok(libc::SYS_close | libc::SYS_close_range | libc::SYS_dup3)
    )
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd as _;

    use super::*;

    #[test]
    fn an_answer_is_kept_until_a_number_is_given_up() {
        let me = std::process::id().cast_signed();
        let mut links = Links::default();
        let (end, other_end) = std::io::pipe().unwrap();
        let fd = u64::try_from(end.as_raw_fd()).unwrap();
        let first = links.of(me, fd | 7 << 32).unwrap();
        assert!(first.starts_with("pipe:["), "{first}");
        drop((end, other_end));
        links.by_call(libc::SYS_read.cast_unsigned());
        assert_eq!(links.of(me, fd), Some(first));
        links.by_call(libc::SYS_close.cast_unsigned());
        assert_eq!(links.of(me, u64::from(u32::MAX)), None);
        assert!(links.0.is_empty());
    }
}
