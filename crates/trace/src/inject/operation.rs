//! Names of operations, and what their calls have in common.

use crate::decode;

/// The calls of an operation; of a plain name, that call.
fn members(name: &'static str) -> Option<&'static [&'static str]> {
    Some(match name {
        "@read" => &["read", "readv", "recvfrom", "recvmsg"],
        "@write" => &["write", "writev", "sendto", "sendmsg"],
        "@accept" => &["accept", "accept4"],
        "@connect" => &["connect"],
        "@wait" => {
            &["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2"]
        }
        _ => return None,
    })
}

/// The numbers of the calls that a name stands for. `None`: there is no such name. Of an
/// operation, a processor may lack some: AArch64 has no poll.
pub(super) fn numbers(name: &'static str) -> Option<Vec<u64>> {
    match members(name) {
        Some(members) => Some(members.iter().filter_map(|name| decode::number(name)).collect()),
        None => decode::number(name).map(|number| vec![number]),
    }
}

/// What kind of call it is, as far as faults differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Takes bytes from a descriptor, by this argument's length or vector.
    Read(Length),
    /// Gives bytes to a descriptor.
    Write(Length),
    Accept,
    Connect,
    /// Waits for several descriptors.
    Wait,
    /// Something else with a descriptor as its first argument.
    Descriptor,
    /// Something else.
    Other,
}

/// Where a transfer says how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// In the third argument.
    Bytes,
    /// In the fourth one (sendfile(2)).
    Count,
    /// In a vector, its address and length in the second and third argument (readv(2)).
    Vector,
    /// In a message that the second argument points to (sendmsg(2)).
    Message,
}

/// The kind of a call.
pub(crate) fn kind(number: u64) -> Kind {
    let Ok(number) = libc::c_long::try_from(number) else { return Kind::Other };
    #[cfg(target_arch = "x86_64")]
    match number {
        libc::SYS_poll | libc::SYS_select | libc::SYS_epoll_wait => return Kind::Wait,
        libc::SYS_dup2 => return Kind::Descriptor,
        _ => {}
    }
    match number {
        libc::SYS_read | libc::SYS_recvfrom | libc::SYS_pread64 => Kind::Read(Length::Bytes),
        libc::SYS_readv | libc::SYS_preadv | libc::SYS_preadv2 => Kind::Read(Length::Vector),
        libc::SYS_recvmsg => Kind::Read(Length::Message),
        libc::SYS_write | libc::SYS_sendto | libc::SYS_pwrite64 => Kind::Write(Length::Bytes),
        libc::SYS_writev | libc::SYS_pwritev | libc::SYS_pwritev2 => Kind::Write(Length::Vector),
        libc::SYS_sendmsg => Kind::Write(Length::Message),
        libc::SYS_sendfile => Kind::Write(Length::Count),
        libc::SYS_accept | libc::SYS_accept4 => Kind::Accept,
        libc::SYS_connect => Kind::Connect,
        libc::SYS_ppoll | libc::SYS_pselect6 | libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2 => {
            Kind::Wait
        }
        libc::SYS_close
        | libc::SYS_fcntl
        | libc::SYS_ioctl
        | libc::SYS_lseek
        | libc::SYS_fstat
        | libc::SYS_ftruncate
        | libc::SYS_flock
        | libc::SYS_fsync
        | libc::SYS_fdatasync
        | libc::SYS_dup
        | libc::SYS_dup3
        | libc::SYS_bind
        | libc::SYS_listen
        | libc::SYS_shutdown
        | libc::SYS_getsockname
        | libc::SYS_getpeername
        | libc::SYS_setsockopt
        | libc::SYS_getsockopt
        | libc::SYS_sendmmsg
        | libc::SYS_recvmmsg
        | libc::SYS_splice
        | libc::SYS_epoll_ctl
        | libc::SYS_mq_timedsend
        | libc::SYS_mq_timedreceive
        | libc::SYS_timerfd_settime => Kind::Descriptor,
        _ => Kind::Other,
    }
}

/// The descriptor of a call, if it has one.
pub(crate) fn descriptor(number: u64, args: &[u64; 6]) -> Option<i32> {
    let epoll = {
        let number = libc::c_long::try_from(number).ok()?;
        #[cfg(target_arch = "x86_64")]
        let old = number == libc::SYS_epoll_wait;
        #[cfg(not(target_arch = "x86_64"))]
        let old = false;
        old || matches!(number, libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2)
    };
    match kind(number) {
        Kind::Other => None,
        Kind::Wait if !epoll => None,
        // An int: its upper half is not looked at.
        _ => Some(u32::try_from(args[0] & 0xffff_ffff).ok()?.cast_signed()),
    }
}

/// Whether it is an epoll_ctl that is no EPOLL_CTL_ADD: it needs no memory and finds an entry.
pub(super) fn adds_nothing(number: u64, args: &[u64; 6]) -> bool {
    // An int: its upper half is not looked at.
    let operation = args[1] & 0xffff_ffff;
    number == libc::SYS_epoll_ctl.cast_unsigned()
        && operation != u64::from(libc::EPOLL_CTL_ADD.cast_unsigned())
}

/// Whether the call itself says that it does not want to sleep (MSG_DONTWAIT).
pub(super) fn does_not_wait(number: u64, args: &[u64; 6]) -> bool {
    let flags = match libc::c_long::try_from(number) {
        Ok(libc::SYS_sendto | libc::SYS_recvfrom) => args[3],
        Ok(libc::SYS_sendmsg | libc::SYS_recvmsg) => args[2],
        _ => 0,
    };
    flags & u64::from(libc::MSG_DONTWAIT.cast_unsigned()) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_add_needs_memory() {
        let ctl = libc::SYS_epoll_ctl.cast_unsigned();
        for (operation, nothing) in
            [(libc::EPOLL_CTL_ADD, false), (libc::EPOLL_CTL_MOD, true), (libc::EPOLL_CTL_DEL, true)]
        {
            let args = [3, u64::from(operation.cast_unsigned()), 4, 0, 0, 0];
            assert_eq!(adds_nothing(ctl, &args), nothing);
            assert!(!adds_nothing(libc::SYS_fcntl.cast_unsigned(), &args));
        }
    }
}
