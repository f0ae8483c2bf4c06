//! The door to the kernel: ptrace(2), its reports, the tracee's memory and registers. The only
//! place that depends on the processor is [`arch`].
//!
//! ptrace answers only the thread that has seized a task, and so does everything here: a tracer
//! lives on one thread. Its reports are asked for with `__WNOTHREAD`, so that tracers on other
//! threads of the same process keep theirs.

mod affinity;
#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
pub(crate) mod arch;
mod memory;
mod ptrace;
mod report;
mod spawn;

pub(crate) use affinity::{Processors, processor};
pub(crate) use memory::{Memory, OfProcess};
pub(crate) use ptrace::{
    Moment, detach, event_message, interrupt, listen, registers, resume, seize, seize_to_look,
    signal_info, syscall_moment,
};
pub(crate) use report::{Report, ends_next, next_report, next_stop};
pub(crate) use spawn::{Command, Stdio};

/// A thread's number, as the kernel knows it. A process has that of its first thread.
pub(crate) type Tid = libc::pid_t;
