//! Where in its arguments a call says how long it may take.

mod lift;
mod socket;
mod timer;

use std::time::Duration;

pub(super) use lift::{Lift, empty_sets, lift, rest};
pub(super) use socket::{Lifted, sets_limit};
pub(super) use timer::{Timer, Which, timer};

use super::current::Alteration;
use crate::sys::Memory;

/// How a call names its limit, and in which argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Milliseconds; negative is none.
    Millis(usize),
    /// A pointer to a timespec; null is none.
    Spec(usize),
    /// A pointer to a timeval; null is none. Newer processors have no call with one.
    #[cfg(target_arch = "x86_64")]
    Val(usize),
    /// A pointer to a moment of this clock; null is none.
    Moment(libc::clockid_t, usize),
}

/// The table: by the manual of each call.
fn form(number: u64, args: &[u64; 6]) -> Option<Form> {
    let number = libc::c_long::try_from(number).ok()?;
    #[cfg(target_arch = "x86_64")]
    match number {
        libc::SYS_poll => return Some(Form::Millis(2)),
        libc::SYS_epoll_wait => return Some(Form::Millis(3)),
        libc::SYS_select => return Some(Form::Val(4)),
        _ => {}
    }
    Some(match number {
        libc::SYS_epoll_pwait => Form::Millis(3),
        libc::SYS_nanosleep => Form::Spec(0),
        libc::SYS_clock_nanosleep if !goes_on(clock(args[0])) => return None,
        libc::SYS_clock_nanosleep if args[1] == 0 => Form::Spec(2),
        libc::SYS_clock_nanosleep => Form::Moment(clock(args[0]), 2),
        libc::SYS_ppoll | libc::SYS_rt_sigtimedwait => Form::Spec(2),
        libc::SYS_epoll_pwait2 | libc::SYS_semtimedop => Form::Spec(3),
        libc::SYS_pselect6 | libc::SYS_recvmmsg => Form::Spec(4),
        libc::SYS_mq_timedsend | libc::SYS_mq_timedreceive => Form::Moment(libc::CLOCK_REALTIME, 4),
        libc::SYS_futex => futex(args[1])?,
        _ => return None,
    })
}

/// Only the operations that wait have one, and only FUTEX_WAIT counts from now (futex(2)).
fn futex(operation: u64) -> Option<Form> {
    let operation = i32::try_from(operation).ok()?;
    let clock = if operation & libc::FUTEX_CLOCK_REALTIME == 0 {
        libc::CLOCK_MONOTONIC
    } else {
        libc::CLOCK_REALTIME
    };
    match operation & !(libc::FUTEX_CLOCK_REALTIME | libc::FUTEX_PRIVATE_FLAG) {
        libc::FUTEX_WAIT => Some(Form::Spec(3)),
        libc::FUTEX_LOCK_PI => Some(Form::Moment(libc::CLOCK_REALTIME, 3)),
        libc::FUTEX_WAIT_BITSET | libc::FUTEX_WAIT_REQUEUE_PI => Some(Form::Moment(clock, 3)),
        _ => None,
    }
}

fn clock(argument: u64) -> libc::clockid_t {
    // The kernel reads an int; the clocks of processes are negative.
    u32::try_from(argument & 0xffff_ffff).map_or(libc::CLOCK_MONOTONIC, u32::cast_signed)
}

/// Whether a clock goes on by itself. That of a process goes on while it computes, and is another
/// one for each.
fn goes_on(clock: libc::clockid_t) -> bool {
    use libc::{CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_TAI};
    matches!(clock, CLOCK_REALTIME | CLOCK_MONOTONIC | CLOCK_BOOTTIME | CLOCK_TAI)
}

/// How long a call may take from now on; `None` is without limit.
pub(super) fn limit(number: u64, args: &[u64; 6], memory: &impl Memory) -> Option<Duration> {
    match form(number, args)? {
        Form::Millis(index) => millis(args[index]),
        Form::Spec(index) => pair(memory, args[index], 1),
        #[cfg(target_arch = "x86_64")]
        Form::Val(index) => pair(memory, args[index], 1000),
        Form::Moment(clock, index) => {
            Some(pair(memory, args[index], 1)?.saturating_sub(now(clock)?))
        }
    }
}

/// A limit as it was meant: what is left of a span until a moment differs by as much as a machine
/// may keep somebody waiting for a processor.
pub(super) fn round(limit: Duration) -> Duration {
    let step = if limit > Duration::from_millis(20) { 10_000_000 } else { 1_000_000 };
    let nanos = u64::try_from(limit.as_nanos()).ok();
    let rounded = nanos.and_then(|nanos| nanos.checked_next_multiple_of(step));
    rounded.map_or(limit, Duration::from_nanos)
}

/// What makes the same call take only `left`, when it is begun again. A moment needs nothing.
pub(super) fn shorten(
    number: u64,
    args: &[u64; 6],
    left: Duration,
    memory: &impl Memory,
) -> Alteration {
    let mut change = Alteration::default();
    match form(number, args) {
        Some(Form::Millis(index)) if millis(args[index]).is_some() => {
            let left = u64::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
            change.arguments.push((index, args[index], left.min(args[index])));
        }
        Some(Form::Spec(index)) if index != 0 && args[index] != 0 => {
            let new = [left.as_secs(), u64::from(left.subsec_nanos())];
            for (offset, ours) in [0, 8].into_iter().zip(new) {
                let at = args[index] + offset;
                if let Some(asked) = memory.word(at) {
                    change.words.push((at, asked, ours));
                }
            }
        }
        // select and its sleep are begun again by the kernel itself.
        _ => {}
    }
    change
}

fn millis(argument: u64) -> Option<Duration> {
    // An int: its upper half is not looked at.
    let low = u32::try_from(argument & 0xffff_ffff).ok()?.cast_signed();
    u64::try_from(low).ok().map(Duration::from_millis)
}

/// Seconds, and a fraction of so many nanoseconds each.
fn pair(memory: &impl Memory, address: u64, unit: u32) -> Option<Duration> {
    let seconds = memory.word(address)?;
    let fraction = memory.word(address + 8)?;
    let fraction = u32::try_from(fraction).ok()?.checked_mul(unit)?;
    (fraction < 1_000_000_000).then(|| Duration::new(seconds, fraction))
}

fn now(clock: libc::clockid_t) -> Option<Duration> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: clock_gettime stores one timespec at `time`.
    let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).ok()?;
    (result == 0).then_some(Duration::new(seconds, u32::try_from(time.tv_nsec).ok()?))
}
