//! Calls whose arguments depend on an operation: fcntl(2), ioctl(2), futex(2), prctl(2).

use super::kind::Layout;
use super::names::{BITSET, CLOSE_ON_EXEC, OPEN, SEALS};
use super::parts::{fields, given, int, low, number_or_pointer, pid, pointer};
use super::reader::Reader;
use crate::call::Value;
use crate::sys::Memory;

/// FUTEX_WAITERS: somebody sleeps on a lock whose word holds its owner.
const WAITERS: u32 = 1 << 31;
/// The owner in such a word.
const OWNER: u32 = (1 << 30) - 1;

impl<M: Memory> Reader<'_, M> {
    /// The third argument of fcntl(2), where the second has one.
    pub(super) fn control(&self) -> Option<Value> {
        let arg = self.arg(2);
        Some(match int(self.arg(1)) {
            libc::F_GETFD
            | libc::F_GETFL
            | libc::F_GETOWN
            | libc::F_GETPIPE_SZ
            | libc::F_GET_SEALS
            | libc::F_GETLEASE => return None,
            libc::F_SETFD => CLOSE_ON_EXEC.value(low(arg).into()),
            libc::F_SETFL => flags(arg),
            libc::F_SETOWN => pid(int(arg)),
            libc::F_ADD_SEALS => SEALS.value(low(arg).into()),
            libc::F_SETLK
            | libc::F_SETLKW
            | libc::F_OFD_SETLK
            | libc::F_OFD_SETLKW
            | libc::F_GETLK
            | libc::F_OFD_GETLK => given(arg, || self.layout(Layout::Lock, arg)),
            _ => Value::Int(int(arg).into()),
        })
    }

    /// The third argument of ioctl(2), where the second has one.
    pub(super) fn request(&self) -> Option<Value> {
        let arg = self.arg(2);
        let given = |layout| given(arg, || self.layout(layout, arg));
        let filled = |layout| self.filled(arg, |_| self.layout(layout, arg));
        Some(match libc::Ioctl::from(low(self.arg(1))) {
            libc::FIOCLEX | libc::FIONCLEX | libc::TIOCNOTTY => return None,
            libc::FIONBIO | libc::FIOASYNC => given(Layout::Number),
            libc::FIONREAD | libc::TIOCOUTQ => filled(Layout::Number),
            libc::TIOCGWINSZ => filled(Layout::Window),
            libc::TIOCSWINSZ => given(Layout::Window),
            libc::TIOCGPGRP | libc::TIOCGSID => filled(Layout::Process),
            libc::TIOCSPGRP => given(Layout::Process),
            libc::TIOCSCTTY => Value::Int(int(arg).into()),
            _ => pointer(arg),
        })
    }

    /// The arguments of futex(2) from the third on.
    pub(super) fn futex(&self) -> Vec<Value> {
        let number = |index| Value::Int(low(self.arg(index)).into());
        let bits = || BITSET.value(low(self.arg(5)).into());
        let limit = match self.arg(3) {
            0 => Value::Time(None),
            at if self.operation() == libc::FUTEX_WAIT => {
                given(at, || self.layout(Layout::Span, at))
            }
            _ => Value::Moment,
        };
        let other = pointer(self.arg(4));
        match self.operation() {
            libc::FUTEX_WAIT => vec![self.expected(), limit],
            libc::FUTEX_WAIT_BITSET => vec![self.expected(), limit, bits()],
            libc::FUTEX_WAKE => vec![number(2)],
            libc::FUTEX_WAKE_BITSET => vec![number(2), bits()],
            libc::FUTEX_LOCK_PI | libc::FUTEX_LOCK_PI2 => vec![limit],
            libc::FUTEX_UNLOCK_PI | libc::FUTEX_TRYLOCK_PI => vec![],
            libc::FUTEX_REQUEUE => vec![number(2), number(3), other],
            libc::FUTEX_WAIT_REQUEUE_PI => vec![self.expected(), limit, other],
            _ => vec![number(2), number(3), other, number(5)],
        }
    }

    fn operation(&self) -> i32 {
        int(self.arg(1)) & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME)
    }

    /// What a waiter expects in the word; mostly what its program has chosen. Two words between
    /// processes are told by glibc's habits: that of a robust lock holds its owner, and that of
    /// a thread, on which pthread_join(3) waits without limit, the thread itself.
    fn expected(&self) -> Value {
        let word = low(self.arg(2));
        let number = Value::Int(word.into());
        let flags = int(self.arg(1)) & !0x7f;
        let joins = self.operation() == libc::FUTEX_WAIT_BITSET
            && flags == libc::FUTEX_CLOCK_REALTIME
            && self.arg(3) == 0;
        match (word & OWNER).cast_signed() {
            _ if flags & libc::FUTEX_PRIVATE_FLAG != 0 => number,
            owner @ 1.. if word & WAITERS != 0 => fields([
                ("owner", Value::Pid(owner.into())),
                ("flags", Value::Name("FUTEX_WAITERS".into())),
            ]),
            thread @ 2.. if joins => Value::Pid(thread.into()),
            _ => number,
        }
    }

    /// The second argument of prctl(2), where the first has one.
    pub(super) fn property(&self) -> Option<Value> {
        let arg = self.arg(1);
        Some(match int(self.arg(0)) {
            libc::PR_GET_DUMPABLE
            | libc::PR_GET_NO_NEW_PRIVS
            | libc::PR_GET_SECCOMP
            | libc::PR_GET_TIMERSLACK
            | libc::PR_GET_KEEPCAPS => return None,
            libc::PR_SET_NAME => given(arg, || self.text(arg)),
            libc::PR_GET_NAME => self.filled(arg, |_| self.text(arg)),
            libc::PR_SET_PDEATHSIG => Value::Signal(int(arg)),
            libc::PR_GET_PDEATHSIG | libc::PR_GET_CHILD_SUBREAPER => {
                self.filled(arg, |_| self.layout(Layout::Number, arg))
            }
            libc::PR_SET_PTRACER => pid(int(arg)),
            libc::PR_SET_SECCOMP | libc::PR_SET_VMA | libc::PR_SET_MM => {
                Value::Int(int(arg).into())
            }
            _ => number_or_pointer(arg),
        })
    }
}

/// The flags of an open file description.
pub(super) fn flags(number: u64) -> Value {
    OPEN.value(low(number).into())
}

/// What fcntl(2) gives for this operation.
pub(super) fn control_result(operation: i32, result: i64) -> Value {
    let bits = result.cast_unsigned();
    match operation {
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => Value::Fd(int(bits)),
        libc::F_GETFD => CLOSE_ON_EXEC.value(bits),
        libc::F_GETFL => flags(bits),
        libc::F_GETOWN => pid(int(bits)),
        libc::F_GET_SEALS => SEALS.value(bits),
        _ => Value::Int(result),
    }
}
