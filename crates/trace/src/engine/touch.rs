//! What may have become different in the kernel since somebody has looked. A whole look costs more
//! than everything else at a step; most calls of a loop change one thing that is known, or nothing.

use std::collections::BTreeSet;

use super::current::Current;
use super::stir;
use crate::sys::Tid;

/// What may be different. In the beginning nobody has looked.
#[derive(Debug)]
pub(super) enum Touch {
    Everything,
    /// What these descriptors of these processes stand for, and whether these processes sleep.
    Parts {
        objects: BTreeSet<(Tid, i32)>,
        processes: BTreeSet<Tid>,
    },
}

/// What a call may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Nothing,
    /// What its first argument stands for, and what that is connected with.
    Object,
    Everything,
}

impl Touch {
    /// As when everybody was looked at a moment ago.
    pub(super) fn nothing() -> Self {
        Self::Parts { objects: BTreeSet::new(), processes: BTreeSet::new() }
    }

    /// Something has happened that is no call.
    pub(super) fn everything(&mut self) {
        *self = Self::Everything;
    }

    /// A call has returned with this; or it sleeps, and may have done a part of its work.
    pub(super) fn by_call(&mut self, pid: Tid, current: &Current, result: Option<i64>) {
        // Nobody reads any more, and SIGPIPE is about to say so.
        let broken = result == Some(-i64::from(libc::EPIPE));
        let scope = if broken { Scope::Everything } else { scope(current.number) };
        // Who has slept until one of several things happens was woken by somebody, maybe from
        // outside.
        let woken = current.blocked && waits_for_several(current.number);
        let Self::Parts { objects, processes } = self else { return };
        if current.blocked {
            processes.insert(pid);
        }
        match scope {
            _ if woken => self.everything(),
            Scope::Everything => self.everything(),
            Scope::Object => {
                // An int: its upper half is not looked at.
                let fd = i32::try_from(current.args[0] & 0xffff_ffff).unwrap_or(-1);
                objects.insert((pid, fd));
            }
            Scope::Nothing => {}
        }
    }
}

fn waits_for_several(number: u64) -> bool {
    crate::decode::class(number) == crate::call::Class::Readiness
}

fn scope(number: u64) -> Scope {
    if stir::only_asks(number) {
        return Scope::Nothing;
    }
    let Ok(number) = libc::c_long::try_from(number) else { return Scope::Everything };
    #[cfg(target_arch = "x86_64")]
    match number {
        libc::SYS_poll | libc::SYS_select => return Scope::Nothing,
        libc::SYS_epoll_wait => return Scope::Object,
        _ => {}
    }
    match number {
        libc::SYS_mmap
        | libc::SYS_munmap
        | libc::SYS_mprotect
        | libc::SYS_mremap
        | libc::SYS_madvise
        | libc::SYS_brk
        | libc::SYS_futex
        | libc::SYS_semop
        | libc::SYS_semtimedop
        | libc::SYS_pread64
        | libc::SYS_pwrite64
        | libc::SYS_ppoll
        | libc::SYS_pselect6 => Scope::Nothing,
        libc::SYS_read
        | libc::SYS_write
        | libc::SYS_readv
        | libc::SYS_writev
        | libc::SYS_lseek
        | libc::SYS_getdents64
        | libc::SYS_sendto
        | libc::SYS_recvfrom
        | libc::SYS_mq_timedreceive
        // One that is watched once only is watched no more when it has been told.
        | libc::SYS_epoll_pwait
        | libc::SYS_epoll_pwait2
        | libc::SYS_epoll_ctl => Scope::Object,
        // A message in a queue may send a signal to somebody who holds it back (mq_notify(3)).
        _ => Scope::Everything,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::current::Manner;
    use super::*;
    use crate::step::Place;

    fn current(number: libc::c_long, fd: u64, blocked: bool) -> Current {
        Current {
            number: number.cast_unsigned(),
            args: [fd, 0, 0, 0, 0, 0],
            place: Place::default(),
            told: None,
            blocked,
            unseen: false,
            lends_memory: false,
            since: Instant::now(),
            manner: Manner::Asked,
            fault: None,
            limit: None,
        }
    }

    #[test]
    fn what_may_be_different_is_known_until_something_else_happens() {
        let mut touch = Touch::nothing();
        touch.by_call(7, &current(libc::SYS_getpid, 0, false), Some(7));
        touch.by_call(7, &current(libc::SYS_read, 3, false), Some(1));
        touch.by_call(8, &current(libc::SYS_write, 4 | 9 << 32, true), None);
        let Touch::Parts { objects, processes } = &touch else { panic!("{touch:?}") };
        assert_eq!(objects.iter().copied().collect::<Vec<_>>(), [(7, 3), (8, 4)]);
        assert_eq!(processes.iter().copied().collect::<Vec<_>>(), [8]);
        for (call, result) in [
            (current(libc::SYS_close, 3, false), 0),
            (current(libc::SYS_ppoll, 0, true), 1),
            (current(libc::SYS_write, 3, false), -i64::from(libc::EPIPE)),
            (current(9999, 0, false), 0),
        ] {
            let mut touch = Touch::nothing();
            touch.by_call(7, &call, Some(result));
            assert!(matches!(touch, Touch::Everything), "{call:?}");
        }
    }
}
