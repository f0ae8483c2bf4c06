//! Names in calls about sockets.

#![allow(
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::unnecessary_cast,
    reason = "libc gives its constants many types; here all are bits"
)]

use super::{Names, names};

/// Address families.
pub(in crate::decode) const FAMILY: &Names =
    &Names::one_of(names![AF_UNSPEC AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_VSOCK]);
/// socket(2).
pub(in crate::decode) const SOCKET_TYPE: &Names = &Names::both(
    0xf,
    names![SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_SEQPACKET],
    names![SOCK_CLOEXEC SOCK_NONBLOCK],
);
/// accept4(2).
pub(in crate::decode) const ACCEPT: &Names = &Names::flags(names![SOCK_CLOEXEC SOCK_NONBLOCK]);
/// The protocols under AF_INET; 0 is the usual one.
pub(in crate::decode) const PROTOCOL: &Names = &Names::one_of(names![
    IPPROTO_ICMP IPPROTO_TCP IPPROTO_UDP IPPROTO_ICMPV6 IPPROTO_RAW
]);
/// shutdown(2).
pub(in crate::decode) const SHUTDOWN: &Names = &Names::one_of(names![SHUT_RD SHUT_WR SHUT_RDWR]);
/// send(2), recv(2) and their relatives, and a message's msg_flags.
pub(in crate::decode) const SEND: &Names = &Names::flags(names![
    MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL
    MSG_CONFIRM MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE MSG_FASTOPEN MSG_CMSG_CLOEXEC
]);

/// The levels of setsockopt(2).
pub(in crate::decode) const LEVEL: &Names = &Names::one_of(names![
    SOL_SOCKET IPPROTO_IP IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6 SOL_NETLINK
]);
/// SOL_SOCKET, socket(7).
pub(in crate::decode) const SOCKET_OPTION: &Names = &Names::one_of(names![
    SO_REUSEADDR SO_REUSEPORT SO_TYPE SO_ERROR SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_SNDBUFFORCE
    SO_RCVBUFFORCE SO_KEEPALIVE SO_OOBINLINE SO_LINGER SO_PASSCRED SO_PEERCRED SO_RCVLOWAT
    SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN SO_BINDTODEVICE
    SO_TIMESTAMP SO_PRIORITY SO_DONTROUTE SO_BUSY_POLL SO_INCOMING_CPU SO_PEERSEC SO_COOKIE
]);
/// IPPROTO_TCP, tcp(7).
pub(in crate::decode) const TCP_OPTION: &Names = &Names::one_of(names![
    TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2
    TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_USER_TIMEOUT
    TCP_FASTOPEN
]);
/// IPPROTO_UDP, udp(7); control messages have the same names.
pub(in crate::decode) const UDP_OPTION: &Names =
    &Names::one_of(names![UDP_CORK UDP_ENCAP UDP_SEGMENT UDP_GRO]);
/// IPPROTO_IP, ip(7).
pub(in crate::decode) const IP_OPTION: &Names = &Names::one_of(names![
    IP_TOS IP_TTL IP_MTU IP_MTU_DISCOVER IP_RECVERR IP_PKTINFO IP_RECVTTL IP_FREEBIND
    IP_MULTICAST_IF IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP
    IP_TRANSPARENT
]);
/// IPPROTO_IPV6, ipv6(7).
pub(in crate::decode) const IPV6_OPTION: &Names = &Names::one_of(names![
    IPV6_V6ONLY IPV6_UNICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_HOPS IPV6_MULTICAST_LOOP
    IPV6_ADD_MEMBERSHIP IPV6_DROP_MEMBERSHIP IPV6_RECVPKTINFO IPV6_PKTINFO IPV6_RECVERR
]);
/// tcpi_state, tcp_states.h.
pub(in crate::decode) const TCP_STATE: &Names = &Names::one_of(&[
    (1, "TCP_ESTABLISHED"),
    (2, "TCP_SYN_SENT"),
    (3, "TCP_SYN_RECV"),
    (4, "TCP_FIN_WAIT1"),
    (5, "TCP_FIN_WAIT2"),
    (6, "TCP_TIME_WAIT"),
    (7, "TCP_CLOSE"),
    (8, "TCP_CLOSE_WAIT"),
    (9, "TCP_LAST_ACK"),
    (10, "TCP_LISTEN"),
    (11, "TCP_CLOSING"),
]);
/// The types of control messages at level SOL_SOCKET, unix(7).
pub(in crate::decode) const CONTROL: &Names =
    &Names::one_of(names![SCM_RIGHTS SCM_CREDENTIALS SCM_TIMESTAMP; SCM_PIDFD = 4]);
