//! What signals do to a task, as /proc tells it (proc_pid_status(5), signal(7)). The kernel keeps
//! the books: following every sigaction, fork and exec would only repeat them, with mistakes.

use crate::step::Effect;
use crate::sys::Tid;

/// The sets of signals of a task. Bit 0 is signal 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signals {
    pending: u64,
    blocked: u64,
    ignored: u64,
    caught: u64,
}

const IGNORED: [i32; 4] = [libc::SIGCHLD, libc::SIGURG, libc::SIGWINCH, libc::SIGCONT];
const STOPPING: [i32; 4] = [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];

impl Signals {
    /// Those of a task that stands.
    pub(super) fn of(pid: Tid, tid: Tid) -> Self {
        std::fs::read_to_string(format!("/proc/{pid}/task/{tid}/status"))
            .map_or_else(|_| Self::default(), |status| Self::parse(&status))
    }

    fn parse(status: &str) -> Self {
        let mut signals = Self::default();
        for line in status.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let set = || u64::from_str_radix(value.trim(), 16).unwrap_or(0);
            match name {
                "SigPnd" | "ShdPnd" => signals.pending |= set(),
                "SigBlk" => signals.blocked = set(),
                "SigIgn" => signals.ignored = set(),
                "SigCgt" => signals.caught = set(),
                _ => {}
            }
        }
        signals
    }

    /// What this signal does.
    pub(super) fn effect(&self, signal: i32) -> Effect {
        let bit = bit(signal);
        if self.caught & bit != 0 {
            Effect::Handled
        } else if self.ignored & bit != 0 || IGNORED.contains(&signal) {
            Effect::Ignored
        } else if STOPPING.contains(&signal) {
            Effect::Stops
        } else {
            Effect::Ends
        }
    }

    /// What waits to be delivered, by what it does.
    fn due(&self) -> impl Iterator<Item = Effect> {
        let due = self.pending & !self.blocked;
        (1..=64).filter(move |&signal| due & bit(signal) != 0).map(|signal| self.effect(signal))
    }

    /// Whether something is about to be delivered that would have cut a call short without a
    /// tracer, too.
    pub(super) fn interrupt(&self) -> bool {
        self.due().any(|effect| effect != Effect::Ignored)
    }

    /// Whether a handler is about to run.
    pub(super) fn handle(&self) -> bool {
        self.due().any(|effect| effect == Effect::Handled)
    }

    /// Whether something is about to be delivered that nobody would notice without a tracer: the
    /// kernel drops it when it is sent, but not when a tracer might want to see it.
    pub(super) fn only_ignored(&self) -> bool {
        self.due().next().is_some() && !self.interrupt()
    }
}

fn bit(signal: i32) -> u64 {
    u32::try_from(signal - 1).ok().and_then(|shift| 1_u64.checked_shl(shift)).unwrap_or(0)
}

/// Who has sent a signal: a process, or the kernel.
pub(super) fn sender(info: &libc::siginfo_t) -> Option<i32> {
    // Negative codes and 0 are sent by processes (sigaction(2)); a timer's is not.
    let sent = info.si_code <= 0 && info.si_code != libc::SI_TIMER;
    if sent || info.si_signo == libc::SIGCHLD {
        // SAFETY: for these the kernel has filled in the sender's number.
        let pid = unsafe { info.si_pid() };
        return (pid > 0).then_some(pid);
    }
    None
}

/// The process that a task belongs to.
pub(super) fn process_of(tid: Tid) -> Option<Tid> {
    number_of(tid, "Tgid:")
}

/// The parent of a process, if there is such a process, alive or not waited for.
pub(super) fn parent_of(pid: Tid) -> Option<Tid> {
    number_of(pid, "PPid:")
}

/// Who traces a task.
pub(super) fn tracer_of(tid: Tid) -> Option<Tid> {
    number_of(tid, "TracerPid:").filter(|&tracer| tracer != 0)
}

fn number_of(tid: Tid, name: &str) -> Option<Tid> {
    let status = std::fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\tx\nSigPnd:\t0000000000010000\nShdPnd:\t0000000000000000\n\
                          SigBlk:\t0000000000000000\nSigIgn:\t0000000000001000\n\
                          SigCgt:\t0000000000000200\n";

    #[test]
    fn effects_are_those_of_the_manual() {
        let signals = Signals::parse(STATUS);
        for (signal, effect) in [
            (libc::SIGUSR1, Effect::Handled),
            (libc::SIGPIPE, Effect::Ignored),
            (libc::SIGCHLD, Effect::Ignored),
            (libc::SIGTTIN, Effect::Stops),
            (libc::SIGTERM, Effect::Ends),
            (libc::SIGKILL, Effect::Ends),
            (64, Effect::Ends),
        ] {
            assert_eq!(signals.effect(signal), effect, "{signal}");
        }
    }

    #[test]
    fn what_is_ignored_interrupts_nobody() {
        let child = Signals::parse(STATUS);
        assert!(child.only_ignored() && !child.interrupt());
        let both = Signals { pending: child.pending | bit(libc::SIGUSR1), ..child };
        assert!(both.interrupt() && !both.only_ignored());
        let blocked = Signals { blocked: bit(libc::SIGUSR1), ..both };
        assert!(blocked.only_ignored());
        let none = Signals { pending: 0, ..child };
        assert!(!none.only_ignored() && !none.interrupt());
    }
}
