//! Signals: their names and sets, what a handler is, what is told of one, a wait status.

use std::borrow::Cow;

use syscall::Errno;

use super::names::{ACTION, CHILD, CODE, NOTIFY, SIGNALS};
use super::parts::{Block, fields, int, low, number_or_pointer, pid};
use super::reader::Reader;
use crate::call::Value;
use crate::sys::Memory;

/// The first real-time signal that glibc leaves to programs, and the last one (signal(7)).
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;

/// A signal's name: `SIGINT`, `SIGRTMIN+1`; `0` is none, `SIG32` and the like have no name.
pub fn signal_name(signal: i32) -> Cow<'static, str> {
    let number = u64::from(signal.cast_unsigned());
    if let Some((_, name)) = SIGNALS.iter().find(|(known, _)| *known == number) {
        return Cow::Borrowed(name);
    }
    match signal {
        0 => "0".into(),
        34 => "SIGRTMIN".into(),
        64 => "SIGRTMAX".into(),
        _ if REAL_TIME.contains(&signal) => format!("SIGRTMIN+{}", signal - 34).into(),
        _ => format!("SIG{signal}").into(),
    }
}

/// An errno's name (errno(3)): `ECONNREFUSED`; `E1000` for one that has none.
pub fn errno_name(errno: i32) -> Cow<'static, str> {
    match Errno::from_raw(errno) {
        Errno::UnknownErrno => format!("E{errno}").into(),
        known => format!("{known:?}").into(),
    }
}

/// What wait(2) tells, by the macros that take it apart.
pub(super) fn status(status: i32) -> Value {
    if libc::WIFEXITED(status) {
        fields([("WEXITSTATUS", Value::Int(libc::WEXITSTATUS(status).into()))])
    } else if libc::WIFSIGNALED(status) {
        let signal = Value::Signal(libc::WTERMSIG(status));
        if libc::WCOREDUMP(status) {
            fields([("WTERMSIG", signal), ("WCOREDUMP", Value::Int(1))])
        } else {
            fields([("WTERMSIG", signal)])
        }
    } else if libc::WIFSTOPPED(status) {
        fields([("WSTOPSIG", Value::Signal(libc::WSTOPSIG(status)))])
    } else if libc::WIFCONTINUED(status) {
        Value::Name("WIFCONTINUED".into())
    } else {
        Value::Name(format!("{status:#x}").into())
    }
}

/// A set of signals. One that has nearly all is shown by those that it lacks, as strace does:
/// `~[SIGINT]`. Signals 32 and 33 are glibc's own, and KILL and STOP can never be blocked: that
/// they are missing says nothing.
pub(super) fn set(bits: u64) -> Value {
    const RESERVED: u64 = 0b11 << 31 | 1 << 8 | 1 << 18;
    let members = |bits: u64| (1..=64).filter(move |signal| bits >> (signal - 1) & 1 == 1);
    if bits.count_ones() <= 32 {
        return Value::List(members(bits).map(Value::Signal).collect());
    }
    let missing: Vec<_> = members(!bits & !RESERVED).map(signal_name).collect();
    Value::Name(format!("~[{}]", missing.join(", ")).into())
}

/// union sigval: a pointer, or an int with anything above it.
fn queued(value: u64) -> Value {
    match number_or_pointer(value) {
        Value::Pointer => Value::Pointer,
        _ => Value::Int(int(value).into()),
    }
}

impl<M: Memory> Reader<'_, M> {
    /// The kernel's struct sigaction: handler, flags, glibc's restorer, mask.
    pub(super) fn action(&self, address: u64) -> Option<Value> {
        const RESTORER: u64 = 0x0400_0000;
        let action: [u8; 32] = self.memory.array(address)?;
        let action = Block(&action);
        let handler = match action.u64(0) {
            0 => Value::Name("SIG_DFL".into()),
            1 => Value::Name("SIG_IGN".into()),
            _ => Value::Pointer,
        };
        Some(fields([
            ("sa_handler", handler),
            ("sa_mask", set(action.u64(24))),
            ("sa_flags", ACTION.value(action.u64(8) & !RESTORER)),
        ]))
    }

    /// siginfo_t (sigaction(2)); nothing in it when it tells of no signal.
    pub(super) fn info(&self, address: u64) -> Option<Value> {
        let info: [u8; 32] = self.memory.array(address)?;
        let info = Block(&info);
        let (signal, code, sender) = (info.i32(0), info.i32(8), info.i32(16));
        if signal == 0 {
            return Some(fields([]));
        }
        let number = u64::from(code.cast_unsigned());
        let head = ("si_signo", Value::Signal(signal));
        let status = match code {
            _ if signal != libc::SIGCHLD || code <= 0 => None,
            libc::CLD_EXITED => Some(Value::Int(info.i32(24).into())),
            _ => Some(Value::Signal(info.i32(24))),
        };
        Some(match (status, code) {
            (Some(status), _) => fields([
                head,
                ("si_code", CHILD.value(number)),
                ("si_pid", pid(sender)),
                ("si_status", status),
            ]),
            (None, libc::SI_QUEUE | libc::SI_MESGQ) => fields([
                head,
                ("si_code", CODE.value(number)),
                ("si_pid", pid(sender)),
                ("si_value", queued(info.u64(24))),
            ]),
            (None, libc::SI_USER | libc::SI_TKILL) => {
                fields([head, ("si_code", CODE.value(number)), ("si_pid", pid(sender))])
            }
            _ => fields([head, ("si_code", CODE.value(number))]),
        })
    }

    /// struct sigevent: a value, a signal, and whether that signal is wanted.
    pub(super) fn notification(&self, address: u64) -> Option<Value> {
        let event: [u8; 16] = self.memory.array(address)?;
        let (signal, notify) = (Block(&event).i32(8), Block(&event).u32(12));
        let notify = ("sigev_notify", NOTIFY.value(notify.into()));
        Some(if signal == 0 {
            fields([notify])
        } else {
            fields([notify, ("sigev_signo", Value::Signal(signal))])
        })
    }

    /// The second argument of waitid(2), by the first.
    pub(super) fn whom(&self) -> Value {
        let number = int(self.arg(1));
        match low(self.arg(0)) {
            libc::P_PIDFD => Value::Fd(number),
            libc::P_ALL => Value::Int(number.into()),
            _ => pid(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_and_errors_have_names() {
        for (signal, name) in [
            (0, "0"),
            (libc::SIGHUP, "SIGHUP"),
            (libc::SIGSYS, "SIGSYS"),
            (32, "SIG32"),
            (34, "SIGRTMIN"),
            (40, "SIGRTMIN+6"),
            (64, "SIGRTMAX"),
            (-1, "SIG-1"),
        ] {
            assert_eq!(signal_name(signal), name);
        }
        assert_eq!(errno_name(libc::ECONNREFUSED), "ECONNREFUSED");
        assert_eq!(errno_name(libc::EWOULDBLOCK), "EAGAIN");
        assert_eq!(errno_name(4000), "E4000");
    }

    #[test]
    fn a_wait_status_is_taken_apart() {
        for (number, text) in [
            (3 << 8, "{WEXITSTATUS=3}"),
            (libc::SIGKILL, "{WTERMSIG=SIGKILL}"),
            (libc::SIGSEGV | 0x80, "{WTERMSIG=SIGSEGV, WCOREDUMP=1}"),
            (libc::SIGTSTP << 8 | 0x7f, "{WSTOPSIG=SIGTSTP}"),
            (0xffff, "WIFCONTINUED"),
        ] {
            assert_eq!(status(number).to_string(), text);
        }
    }

    #[test]
    fn a_set_is_told_by_what_it_has_or_by_what_it_lacks() {
        assert_eq!(set(0).to_string(), "[]");
        assert_eq!(set(1 << 1 | 1 << 16).to_string(), "[SIGINT, SIGCHLD]");
        assert_eq!(set(u64::MAX).to_string(), "~[]");
        assert_eq!(set(!(0b11 << 31) & !(1 << 1)).to_string(), "~[SIGINT]");
    }
}
