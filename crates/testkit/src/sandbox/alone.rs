//! What only a part of this process has: another user, other mounts.

use std::fs;
use std::path::Path;

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid};

use super::NOBODY;

/// Makes this thread nobody's, without groups and capabilities, for good. The C library's setuid(3)
/// would take all threads along.
///
/// # Errors
/// A sentence for [`skip!`](crate::skip!): only root can.
pub fn become_nobody() -> Result<(), String> {
    let say = |errno: Errno| format!("cannot become nobody: {errno}");
    // SAFETY: setgroups(2) with no groups reads no memory.
    let groups = unsafe { libc::syscall(libc::SYS_setgroups, 0, std::ptr::null::<libc::gid_t>()) };
    Errno::result(groups).map_err(say)?;
    for call in [libc::SYS_setresgid, libc::SYS_setresuid] {
        // SAFETY: setresgid(2) and setresuid(2) take three integers.
        Errno::result(unsafe { libc::syscall(call, NOBODY, NOBODY, NOBODY) }).map_err(say)?;
    }
    Ok(())
}

/// Mounts that only this process sees: all that are there, and what it mounts from now on. Who is not
/// root becomes root in a user namespace, for which the process must have one thread.
///
/// # Errors
/// A sentence for [`skip!`](crate::skip!): a sandbox, or the system, refuses it.
pub fn own_mounts() -> Result<(), String> {
    let (user, group) = (Uid::effective(), Gid::effective());
    let flags = if user.is_root() { CloneFlags::empty() } else { CloneFlags::CLONE_NEWUSER };
    let say = |errno: Errno| format!("no mounts of our own: {errno}");
    unshare(flags | CloneFlags::CLONE_NEWNS).map_err(say)?;
    if !user.is_root() {
        for (file, text) in [
            ("setgroups", "deny".to_owned()),
            ("uid_map", format!("0 {user} 1")),
            ("gid_map", format!("0 {group} 1")),
        ] {
            fs::write(format!("/proc/self/{file}"), text).map_err(|error| error.to_string())?;
        }
    }
    let none: Option<&str> = None;
    mount(none, "/", none, MsFlags::MS_PRIVATE | MsFlags::MS_REC, none).map_err(say)
}

/// A file system in memory, after [`own_mounts`]; `options` are those of tmpfs(5), such as `size=64k`.
///
/// # Errors
/// A sentence for [`skip!`](crate::skip!).
pub fn tmpfs(on: &Path, options: &str) -> Result<(), String> {
    mount(None::<&str>, on, Some("tmpfs"), MsFlags::empty(), Some(options))
        .map_err(|errno| format!("no tmpfs of our own: {errno}"))
}
