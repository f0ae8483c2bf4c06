//! Requests of ptrace(2), one function each.

use libc::c_int;
use syscall::{Context as _, Errno, Result};

use super::Tid;

/// What is asked for when a task is seized: system calls are told from signals, children and
/// threads are seized at their birth, and all of them die with the tracer.
const OPTIONS: c_int = libc::PTRACE_O_TRACESYSGOOD
    | libc::PTRACE_O_TRACEFORK
    | libc::PTRACE_O_TRACEVFORK
    | libc::PTRACE_O_TRACECLONE
    | libc::PTRACE_O_TRACEEXEC
    | libc::PTRACE_O_EXITKILL;

/// All general registers (user_regs_struct).
pub(crate) type Registers = libc::user_regs_struct;

/// One request. `address` and `data` are what the request says: numbers, or pointers to values
/// that live until it returns.
///
/// # Safety
/// Where the request takes a pointer, it must be valid for what the request does with it.
unsafe fn request(request: libc::c_uint, tid: Tid, address: usize, data: usize) -> Result<()> {
    // SAFETY: the caller vouches for the pointers among the arguments.
    let result = unsafe { libc::ptrace(request, tid, address, data) };
    Errno::result(result).map(drop).call("ptrace")
}

/// Becomes the tracer of a task, without stopping it.
///
/// # Errors
/// EPERM: somebody else traces it, or the system does not allow it. ESRCH: it is gone.
pub(crate) fn seize(tid: Tid) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_SEIZE, tid, 0, OPTIONS.cast_unsigned() as usize) }
}

/// Becomes the tracer of a task that somebody else has started, without stopping it, and without
/// any of the options: its children are not seized, and it does not die with the tracer.
///
/// # Errors
/// EPERM: it is another user's, somebody else traces it, or the system does not allow it. ESRCH:
/// it is gone.
pub(crate) fn seize_to_look(tid: Tid) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_SEIZE, tid, 0, 0) }
}

/// Lets a stopped task go, with this signal (0 for none), and is its tracer no more. One that a
/// signal has stopped stays stopped.
///
/// # Errors
/// ESRCH: it does not stand in a stop, or is gone.
pub(crate) fn detach(tid: Tid, signal: c_int) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_DETACH, tid, 0, signal.cast_unsigned() as usize) }
}

/// Lets a stopped task go on until its next call, with this signal (0 for none). Numbers instead
/// of an enum, so that real-time signals pass.
///
/// # Errors
/// ESRCH: it was killed in the meantime, and its last report is on the way.
pub(crate) fn resume(tid: Tid, signal: c_int) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_SYSCALL, tid, 0, signal.cast_unsigned() as usize) }
}

/// Leaves a task stopped by a signal as stopped as it would be without a tracer: SIGCONT moves it.
///
/// # Errors
/// As [`resume`].
pub(crate) fn listen(tid: Tid) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_LISTEN, tid, 0, 0) }
}

/// Stops a running task. It reports [`Report::Stop`](super::Report) with SIGTRAP, and a call that
/// sleeps is cut short.
///
/// # Errors
/// As [`resume`].
pub(crate) fn interrupt(tid: Tid) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { request(libc::PTRACE_INTERRUPT, tid, 0, 0) }
}

/// What belongs to an event: the number of the new task.
///
/// # Errors
/// As [`resume`].
pub(crate) fn event_message(tid: Tid) -> Result<libc::c_ulong> {
    let mut message: libc::c_ulong = 0;
    // SAFETY: the request stores one unsigned long at `data`.
    unsafe { request(libc::PTRACE_GETEVENTMSG, tid, 0, (&raw mut message).expose_provenance()) }?;
    Ok(message)
}

/// The signal that a task was stopped for.
///
/// # Errors
/// EINVAL: it was not stopped for a signal. As [`resume`].
pub(crate) fn signal_info(tid: Tid) -> Result<libc::siginfo_t> {
    // SAFETY: siginfo_t is a C struct of integers and pointers, for which zeros are valid.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: the request stores one siginfo_t at `data`.
    unsafe { request(libc::PTRACE_GETSIGINFO, tid, 0, (&raw mut info).expose_provenance()) }?;
    Ok(info)
}

/// On which side of a call a task was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Entry { number: u64, args: [u64; 6] },
    Exit { result: i64 },
    Neither,
}

/// PTRACE_GET_SYSCALL_INFO (Linux 5.3), the same on every processor.
///
/// # Errors
/// EIO: the kernel is older. As [`resume`].
pub(crate) fn syscall_moment(tid: Tid) -> Result<Moment> {
    // SAFETY: a C struct of integers, for which zeros are valid.
    let mut info: libc::ptrace_syscall_info = unsafe { std::mem::zeroed() };
    let (size, data) = (size_of_val(&info), (&raw mut info).expose_provenance());
    // SAFETY: the request stores `size` bytes at `data`, which is the size of the struct.
    unsafe { request(libc::PTRACE_GET_SYSCALL_INFO, tid, size, data) }?;
    Ok(match info.op {
        libc::PTRACE_SYSCALL_INFO_ENTRY => {
            // SAFETY: `op` says that the kernel has filled in this member.
            let entry = unsafe { info.u.entry };
            Moment::Entry { number: entry.nr, args: entry.args }
        }
        libc::PTRACE_SYSCALL_INFO_EXIT => {
            // SAFETY: `op` says that the kernel has filled in this member.
            let exit = unsafe { info.u.exit };
            Moment::Exit { result: exit.sval }
        }
        _ => Moment::Neither,
    })
}

/// The registers of a stopped task.
///
/// # Errors
/// As [`resume`].
pub(crate) fn registers(tid: Tid) -> Result<Registers> {
    // SAFETY: a C struct of integers, for which zeros are valid.
    let mut registers: Registers = unsafe { std::mem::zeroed() };
    register_set(libc::PTRACE_GETREGSET, tid, libc::NT_PRSTATUS, &mut registers)?;
    Ok(registers)
}

/// Sets the registers of a stopped task.
///
/// # Errors
/// As [`resume`].
pub(crate) fn set_registers(tid: Tid, registers: &Registers) -> Result<()> {
    let mut registers = *registers;
    register_set(libc::PTRACE_SETREGSET, tid, libc::NT_PRSTATUS, &mut registers)
}

/// Reads or writes one set of registers: `get_or_set` is one of the two requests for it.
pub(super) fn register_set<T: Copy>(
    get_or_set: libc::c_uint,
    tid: Tid,
    set: c_int,
    value: &mut T,
) -> Result<()> {
    let mut part = libc::iovec { iov_base: (&raw mut *value).cast(), iov_len: size_of::<T>() };
    let data = (&raw mut part).expose_provenance();
    // SAFETY: the request reads or writes at most `iov_len` bytes at `iov_base`, which is `value`,
    // a struct of integers; and `part` lives until it returns.
    unsafe { request(get_or_set, tid, set.cast_unsigned() as usize, data) }
}
