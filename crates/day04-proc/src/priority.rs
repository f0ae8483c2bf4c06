//! The two calls behind nice and renice. nix does not have them.

use nix::errno::Errno;
use nix::libc;
use nix::unistd::Pid;

/// To these calls 0 means whoever asks.
pub(crate) const SELF: Pid = Pid::from_raw(0);

/// The niceness of a process.
pub(crate) fn get(pid: Pid) -> nix::Result<i32> {
    // -1 is the sign of an error, and a niceness too. Only errno tells which, and a call that
    // succeeds leaves in it what an older failure has put there: clear it first.
    Errno::clear();
    // SAFETY: getpriority(2) takes integers and touches no memory of ours.
    let nice = unsafe { libc::getpriority(libc::PRIO_PROCESS, pid.as_raw().cast_unsigned()) };
    match Errno::last_raw() {
        errno if nice == -1 && errno != 0 => Err(Errno::from_raw(errno)),
        _ => Ok(nice),
    }
}

pub(crate) fn set(pid: Pid, nice: i32) -> nix::Result<()> {
    // SAFETY: setpriority(2) takes integers and touches no memory of ours.
    let done = unsafe { libc::setpriority(libc::PRIO_PROCESS, pid.as_raw().cast_unsigned(), nice) };
    Errno::result(done).map(drop)
}

/// What `nice -n 9 program` does: the number is added to the niceness that was inherited. (The
/// notes' `nice -9` and `nice --9` are the old spelling of 9 and -9.)
pub(crate) fn add(increment: i32) -> nix::Result<i32> {
    let wanted = (get(SELF)? + increment).clamp(-20, 19);
    set(SELF, wanted).map(|()| wanted)
}
