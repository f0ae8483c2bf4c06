//! Where in its arguments a call says how long it may take.

use std::time::Duration;

use super::current::Alteration;
use crate::sys::Memory;

/// How a call names its limit, and in which argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Milliseconds; negative is none.
    Millis(usize),
    /// A pointer to a timespec; null is none.
    Spec(usize),
    /// A pointer to a timeval; null is none.
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
    // The kernel reads an int.
    libc::clockid_t::try_from(argument & 0xffff_ffff).unwrap_or(libc::CLOCK_MONOTONIC)
}

/// How long a call may take from now on; `None` is without limit.
pub(super) fn limit(number: u64, args: &[u64; 6], memory: &impl Memory) -> Option<Duration> {
    match form(number, args)? {
        Form::Millis(index) => millis(args[index]),
        Form::Spec(index) => pair(memory, args[index], 1),
        Form::Val(index) => pair(memory, args[index], 1000),
        Form::Moment(clock, index) => {
            Some(pair(memory, args[index], 1)?.saturating_sub(now(clock)?))
        }
    }
}

/// Whether it does nothing but wait for a span of time to pass.
pub(super) fn is_sleep(number: u64, args: &[u64; 6]) -> bool {
    match libc::c_long::try_from(number) {
        Ok(libc::SYS_nanosleep) => true,
        Ok(libc::SYS_clock_nanosleep) => args[1] == 0,
        _ => false,
    }
}

/// Where a sleep that a signal ends says what is left of it; 0 is nowhere.
pub(super) fn rest(number: u64, args: &[u64; 6]) -> u64 {
    if number == libc::SYS_nanosleep.cast_unsigned() { args[1] } else { args[3] }
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

/// What a call does to its process's alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alarm {
    /// It goes off after so long.
    Set(Duration),
    Off,
}

/// What a call does to its process's alarm, if it does something (alarm(2), setitimer(2)).
pub(super) fn alarm(number: u64, args: &[u64; 6], memory: &impl Memory) -> Option<Alarm> {
    #[cfg(target_arch = "x86_64")]
    if number == libc::SYS_alarm.cast_unsigned() {
        return Some(alarm_after(Some(Duration::from_secs(args[0] & 0xffff_ffff))));
    }
    let real = args[0] == u64::from(libc::ITIMER_REAL.cast_unsigned());
    if number != libc::SYS_setitimer.cast_unsigned() || !real || args[1] == 0 {
        return None;
    }
    Some(alarm_after(pair(memory, args[1] + 16, 1000)))
}

fn alarm_after(after: Option<Duration>) -> Alarm {
    after.filter(|after| !after.is_zero()).map_or(Alarm::Off, Alarm::Set)
}
