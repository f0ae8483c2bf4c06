//! A call without its limit: it sleeps until there is something for it, however fast the machine is,
//! and the tracer ends it when its time has come, with the answer that the kernel gives then.

use super::{Form, form};
use crate::engine::current::Alteration;
use crate::sys::{Memory, OfProcess, Tid};

/// Thirty years are enough, and an end is better than none.
const YEARS: u64 = 1_000_000_000;

/// How a limit is taken away.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Lift {
    pub(in crate::engine) change: Alteration,
    /// What the kernel answers at the end of the limit.
    pub(in crate::engine) answer: i64,
    /// A handler always ends it, even one with SA_RESTART. It would not if there were no limit
    /// (signal(7)).
    pub(in crate::engine) fails: bool,
    /// It does nothing but let time pass.
    pub(in crate::engine) sleeps: bool,
}

/// How the limit of a call is taken away; `None` where it cannot be, or ends no wait.
pub(in crate::engine) fn lift(number: u64, args: &[u64; 6], memory: &impl Memory) -> Option<Lift> {
    let form = form(number, args)?;
    let number = libc::c_long::try_from(number).ok()?;
    let (index, endless) = match form {
        // Negative is none.
        Form::Millis(index) => (index, u64::MAX),
        #[cfg(target_arch = "x86_64")]
        Form::Val(index) => (index, 0),
        Form::Spec(index) | Form::Moment(_, index) => (index, 0),
    };
    let mut change = Alteration::default();
    match number {
        // It is looked at between two messages only (recvmmsg(2), BUGS).
        libc::SYS_recvmmsg => return None,
        // A sleep needs its span. It is changed where it lies, until the task sleeps.
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => {
            let seconds = memory.word(args[index])?;
            change.words.push((args[index], seconds, seconds.saturating_add(YEARS)));
        }
        _ => change.arguments.push((index, args[index], endless)),
    }
    Some(Lift {
        change,
        answer: match number {
            libc::SYS_futex | libc::SYS_mq_timedsend | libc::SYS_mq_timedreceive => {
                -i64::from(libc::ETIMEDOUT)
            }
            libc::SYS_semtimedop | libc::SYS_rt_sigtimedwait => -i64::from(libc::EAGAIN),
            _ => 0,
        },
        fails: number == libc::SYS_futex,
        sleeps: matches!(
            (number, form),
            (libc::SYS_nanosleep, _) | (libc::SYS_clock_nanosleep, Form::Spec(_))
        ),
    })
}

/// Where a call says what is left of its time, in seconds and a fraction of so many nanoseconds
/// each. A sleep does so only when a signal ends it.
pub(in crate::engine) fn rest(number: u64, args: &[u64; 6]) -> Option<(u64, u32)> {
    let (index, unit) = match libc::c_long::try_from(number).ok()? {
        libc::SYS_nanosleep => (1, 1),
        libc::SYS_clock_nanosleep if args[1] == 0 => (3, 1),
        libc::SYS_ppoll => (2, 1),
        libc::SYS_pselect6 => (4, 1),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => (4, 1000),
        _ => return None,
    };
    (args[index] != 0).then_some((args[index], unit))
}

/// At the end of its time select(2) empties its sets, which an interrupted one leaves as they were.
/// The kernel looks at no more of them than the process has room for descriptors.
pub(in crate::engine) fn empty_sets(number: u64, args: &[u64; 6], tid: Tid) {
    match libc::c_long::try_from(number) {
        Ok(libc::SYS_pselect6) => {}
        #[cfg(target_arch = "x86_64")]
        Ok(libc::SYS_select) => {}
        _ => return,
    }
    let status = std::fs::read_to_string(format!("/proc/{tid}/status")).unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("FDSize:"));
    let size = size.and_then(|size| size.trim().parse().ok()).unwrap_or(0);
    let empty = vec![0; usize::min(size, usize::try_from(args[0]).unwrap_or(0)).div_ceil(64) * 8];
    for &set in args[1..4].iter().filter(|&&set| set != 0) {
        OfProcess(tid).store(set, &empty);
    }
}
