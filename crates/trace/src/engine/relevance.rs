//! Which calls are the lesson, and which are the plumbing of libc and std.

use crate::call::Class;
use crate::decode;

/// What decides it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made<'a> {
    pub(super) number: u64,
    pub(super) args: &'a [u64; 6],
    /// A frame of the program's own is on the stack.
    pub(super) own: bool,
    /// What the innermost of them has called.
    pub(super) api: &'a str,
    /// The function by which libc was entered.
    pub(super) libc: &'a str,
    /// std's debug assertion that a descriptor is open.
    pub(super) plumbing: bool,
}

/// Calls that no program makes for their own sake.
const PLUMBING: [libc::c_long; 7] = [
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    libc::SYS_gettid,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
];

/// Functions of libc of which only the birth of the new task is worth telling.
const BIRTHS: [&str; 4] = ["pthread_create", "fork", "spawn", "daemon"];

impl Made<'_> {
    /// Whether it is shown.
    pub(super) fn is_relevant(&self) -> bool {
        let Ok(number) = libc::c_long::try_from(self.number) else { return false };
        if !self.own || PLUMBING.contains(&number) {
            return false;
        }
        if BIRTHS.iter().any(|name| self.libc.contains(name)) {
            return is_birth(number);
        }
        match decode::class(self.number) {
            Class::Other => false,
            // The heap is grown by malloc; a map that is shared, or asked for by name, is meant.
            Class::Memory => self.is_shared_map() || self.is_asked_for(),
            Class::Signal if number == libc::SYS_rt_sigprocmask => {
                matches!(self.libc, "pthread_sigmask" | "sigprocmask")
            }
            _ => !(self.plumbing && number == libc::SYS_fcntl && self.is_descriptor_flags()),
        }
    }

    fn is_shared_map(&self) -> bool {
        let shared = u64::from(libc::MAP_SHARED.cast_unsigned());
        self.number == libc::SYS_mmap.cast_unsigned() && self.args[3] & shared != 0
    }

    fn is_asked_for(&self) -> bool {
        // std maps stacks for its signal handlers, and has no map of anybody else's.
        let name = decode::name(self.number);
        !self.api.starts_with("std::") && self.is_called(&name)
    }

    fn is_called(&self, name: &str) -> bool {
        self.libc.strip_suffix("64").unwrap_or(self.libc) == name || self.libc == "syscall"
    }

    fn is_descriptor_flags(&self) -> bool {
        self.args[1] == u64::from(libc::F_GETFD.cast_unsigned())
    }
}

/// Whether a call makes a task.
fn is_birth(number: libc::c_long) -> bool {
    #[cfg(target_arch = "x86_64")]
    if matches!(number, libc::SYS_fork | libc::SYS_vfork) {
        return true;
    }
    matches!(number, libc::SYS_clone | libc::SYS_clone3)
}

/// Whether a call can write into a descriptor, and in which argument that is.
pub(super) fn writes_to(number: u64) -> Option<usize> {
    match libc::c_long::try_from(number).ok()? {
        libc::SYS_write
        | libc::SYS_writev
        | libc::SYS_pwrite64
        | libc::SYS_pwritev
        | libc::SYS_pwritev2
        | libc::SYS_sendfile
        | libc::SYS_vmsplice => Some(0),
        libc::SYS_tee => Some(1),
        libc::SYS_splice | libc::SYS_copy_file_range => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(number: libc::c_long, args: [u64; 6], libc: &str, plumbing: bool) -> bool {
        let number = number.cast_unsigned();
        Made { number, args: &args, own: true, api: "nix::mmap", libc, plumbing }.is_relevant()
    }

    #[test]
    fn the_lesson_is_shown_and_the_plumbing_is_not() {
        let none = [0; 6];
        let shared = [0, 0, 0, u64::from(libc::MAP_SHARED.cast_unsigned()), 0, 0];
        let flags = [3, u64::from(libc::F_GETFD.cast_unsigned()), 0, 0, 0, 0];
        for (number, args, libc, plumbing, shown) in [
            (libc::SYS_write, none, "write", false, true),
            (libc::SYS_mmap, none, "malloc", false, false),
            (libc::SYS_mmap, none, "mmap64", false, true),
            (libc::SYS_mmap, shared, "shmat", false, true),
            (libc::SYS_munmap, none, "free", false, false),
            (libc::SYS_fcntl, flags, "fcntl", true, false),
            (libc::SYS_fcntl, flags, "fcntl", false, true),
            (libc::SYS_rseq, none, "syscall", false, false),
            (libc::SYS_clone3, none, "pthread_create", false, true),
            (libc::SYS_mprotect, none, "pthread_create", false, false),
            (libc::SYS_rt_sigprocmask, none, "posix_spawnp", false, false),
            (libc::SYS_rt_sigprocmask, none, "pthread_sigmask", false, true),
            (libc::SYS_rt_sigprocmask, none, "abort", false, false),
        ] {
            assert_eq!(made(number, args, libc, plumbing), shown, "{number} by {libc}");
        }
        let outside = Made {
            number: libc::SYS_write.cast_unsigned(),
            args: &none,
            own: false,
            api: "",
            libc: "write",
            plumbing: false,
        };
        assert!(!outside.is_relevant());
    }
}
