//! What a case must never be able to do: signal every process that its user may signal.
//!
//! `kill(-1, …)` is what becomes of the pid that a failed fork(2) "returned". A filter of system
//! calls (seccomp(2)) turns it into the caller's own end by SIGSYS, which the verdict explains. It
//! is passed on to all children and cannot be taken off. Other mistakes do not get out of the
//! case's own session: a group can only be joined within it.

use nix::errno::Errno;

/// Where struct seccomp_data has the call's number and the low half of its first argument, which
/// is all of it that kill(2) looks at.
const NUMBER: u32 = 0;
const FIRST: u32 = if cfg!(target_endian = "little") { 16 } else { 20 };

/// A system without the filter leaves a case as unprotected as any program of the user's.
pub(super) fn protect_others() -> nix::Result<()> {
    let load = |offset| instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset, 0);
    // "If it is not, go on so many instructions further."
    let unless =
        |value, skip| instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, value, skip);
    let answer = |value| instruction(libc::BPF_RET | libc::BPF_K, value, 0);
    let kill = u32::try_from(libc::SYS_kill).unwrap_or(u32::MAX);
    let mut filter = [
        load(NUMBER),
        unless(kill, 3),
        load(FIRST),
        unless(u32::MAX, 1),
        answer(libc::SECCOMP_RET_KILL_PROCESS),
        answer(libc::SECCOMP_RET_ALLOW),
    ];
    let length = u16::try_from(filter.len()).unwrap_or(0);
    let program = libc::sock_fprog { len: length, filter: filter.as_mut_ptr() };
    // The filter may then be set without being root.
    nix::sys::prctl::set_no_new_privs()?;
    // SAFETY: the program and its instructions live until the call returns; the kernel copies and
    // checks them.
    let done =
        unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    Errno::result(done).map(drop)
}

fn instruction(code: u32, k: u32, unless: u8) -> libc::sock_filter {
    // All codes are below 256.
    libc::sock_filter { code: u16::try_from(code).unwrap_or(0), jt: 0, jf: unless, k }
}
