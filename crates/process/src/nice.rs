//! Niceness: how willingly a thread leaves the processor to others, from -20 to 19 (sched(7),
//! setpriority(2)). It is inherited by fork. In Linux it belongs to the thread, not to the process
//! as POSIX wants: these two speak of the calling one.

use syscall::{Context as _, Errno, Result};

/// The least nice.
pub const MIN: i32 = -20;
/// The nicest.
pub const MAX: i32 = 19;

/// The niceness of the calling thread (getpriority(2)).
///
/// -1 is a niceness and the sign of an error: only errno, cleared before the call, tells which.
///
/// # Errors
/// None that a program can cause.
pub fn get() -> Result<i32> {
    Errno::clear();
    // SAFETY: getpriority(2) takes integers and touches no memory of ours; 0 is who asks.
    let nice = unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) };
    match (nice, Errno::last_raw()) {
        (-1, errno) if errno != 0 => Err(Errno::from_raw(errno)).call("getpriority"),
        (nice, _) => Ok(nice),
    }
}

/// Adds to it and gives the new value, as nice(2) and `nice -n` do: the number is relative, so
/// that 9 and then 5 make 14, and it is clamped at [`MIN`] and [`MAX`].
///
/// # Errors
/// EACCES when it would become less nice and the process has neither CAP_SYS_NICE nor room in
/// RLIMIT_NICE. The way back is closed as well: who has become nicer stays so.
pub fn add(increment: i32) -> Result<i32> {
    let wanted = get()?.saturating_add(increment).clamp(MIN, MAX);
    // SAFETY: setpriority(2) takes integers and touches no memory of ours; 0 is who asks.
    let done = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, wanted) };
    Errno::result(done).call_on("setpriority", wanted)?;
    Ok(wanted)
}
