//! Docker's default profile, as a program without capabilities meets it.

use libc::c_long;
use nix::errno::Errno;

use super::Filter;

/// The flags of clone(2) that ask for a namespace: all that begin with CLONE_NEW.
const NAMESPACES: u32 = 0x7e02_0000;

/// Everything that the profile does not allow, as far as both processors of this course have it.
const REFUSED: [c_long; 41] = [
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_get_mempolicy,
    libc::SYS_init_module,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mbind,
    libc::SYS_migrate_pages,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_move_pages,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_quotactl,
    libc::SYS_request_key,
    libc::SYS_set_mempolicy,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

impl Filter {
    /// What Docker refuses to a program without capabilities, on Linux 4.8 or later: everything
    /// that is not in its list, with EPERM, and clone3 with ENOSYS, because a filter cannot see its
    /// flags. ptrace and process_vm_readv are in the list, pidfd_getfd and kcmp belong to
    /// CAP_SYS_PTRACE. Source: moby, profiles/seccomp/default.json.
    pub fn docker() -> Self {
        let refuse = |filter: Self, call| filter.refuse(call, Errno::EPERM);
        let refused = REFUSED.into_iter().fold(Self::new(), refuse);
        let refused = refused.refuse(libc::SYS_clone3, Errno::ENOSYS);
        refused.refuse_bits(libc::SYS_clone, 0, NAMESPACES, Errno::EPERM)
    }
}
