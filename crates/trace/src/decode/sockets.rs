//! Addresses and options of sockets.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use super::names::{
    FAMILY, IP_OPTION, IPV6_OPTION, Names, PROTOCOL, SOCKET_OPTION, SOCKET_TYPE, TCP_OPTION,
    TCP_STATE, UDP_OPTION,
};
use super::parts::{Block, at_most, fields, int, lossy, low, pid};
use super::reader::Reader;
use super::{kind::Layout, signals::errno_name};
use crate::call::{Address, Value};
use crate::sys::Memory;

/// No address is longer (struct sockaddr_storage).
const STORAGE: usize = 128;

/// What lies in a struct sockaddr of some family; `None` when it is too short for its family.
pub(crate) fn address(bytes: &[u8]) -> Option<Address> {
    if bytes.is_empty() {
        return Some(Address::Unnamed);
    }
    let family = bytes.first_chunk().map(|family| u16::from_ne_bytes(*family))?;
    let block = Block(bytes);
    let port = u16::from_be_bytes(block.array(2));
    Some(match i32::from(family) {
        libc::AF_INET if bytes.len() >= size_of::<libc::sockaddr_in>() => {
            Address::V4(SocketAddrV4::new(Ipv4Addr::from(block.array(4)), port))
        }
        libc::AF_INET6 if bytes.len() >= size_of::<libc::sockaddr_in6>() => {
            let ip = Ipv6Addr::from(block.array::<16>(8));
            // Without the flow information, which no text of an address has: it is to be written
            // down and read back.
            Address::V6(SocketAddrV6::new(ip, port, 0, block.u32(24)))
        }
        libc::AF_INET | libc::AF_INET6 => return None,
        libc::AF_UNIX => unix(&bytes[2..]),
        _ => Address::Family(family),
    })
}

/// unix(7): no name, a name after a NUL, or a path that may end with one.
fn unix(name: &[u8]) -> Address {
    match name {
        [] => Address::Unnamed,
        [0, name @ ..] => Address::Abstract(lossy(name, false)),
        path => {
            let end = path.iter().position(|&byte| byte == 0).unwrap_or(path.len());
            Address::Path(lossy(&path[..end], false))
        }
    }
}

impl<M: Memory> Reader<'_, M> {
    /// An address of this length.
    pub(super) fn address(&self, at: u64, length: u64) -> Option<Value> {
        let wanted = at_most(length, STORAGE);
        let bytes = self.memory.bytes(at, wanted);
        (bytes.len() == wanted).then(|| address(&bytes))?.map(Value::Address)
    }

    /// An address whose length the kernel has stored there.
    pub(super) fn peer(&self, at: u64, length: u64) -> Option<Value> {
        self.address(at, u64::try_from(self.memory.int(length)?).ok()?)
    }

    /// The third argument of setsockopt(2), by the second.
    pub(super) fn option_name(&self) -> Value {
        let names: Option<&Names> = match int(self.arg(1)) {
            libc::SOL_SOCKET => Some(SOCKET_OPTION),
            libc::IPPROTO_TCP => Some(TCP_OPTION),
            libc::IPPROTO_UDP => Some(UDP_OPTION),
            libc::IPPROTO_IP => Some(IP_OPTION),
            libc::IPPROTO_IPV6 => Some(IPV6_OPTION),
            _ => None,
        };
        let name = low(self.arg(2));
        names.map_or(Value::Int(name.into()), |names| names.value(name.into()))
    }

    /// The fourth, by the second and the third: an int, where nothing else is known.
    pub(super) fn option(&self, at: u64, length: u64) -> Option<Value> {
        let number = || self.memory.int(at);
        let named = |names: &Names| Some(names.value(u64::from(number()?.cast_unsigned())));
        match (int(self.arg(1)), int(self.arg(2))) {
            (libc::SOL_SOCKET, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO) => {
                self.layout(Layout::Micros, at)
            }
            (libc::SOL_SOCKET, libc::SO_LINGER) => self.linger(at),
            (libc::SOL_SOCKET, libc::SO_PEERCRED) => self.credentials(at),
            (libc::SOL_SOCKET, libc::SO_TYPE) => named(SOCKET_TYPE),
            (libc::SOL_SOCKET, libc::SO_DOMAIN) => named(FAMILY),
            (libc::SOL_SOCKET, libc::SO_PROTOCOL) => named(PROTOCOL),
            (libc::SOL_SOCKET, libc::SO_ERROR) => Some(match number()? {
                0 => Value::Int(0),
                errno => Value::Name(errno_name(errno)),
            }),
            (libc::IPPROTO_TCP, libc::TCP_INFO) => {
                let [state] = self.memory.array(at)?;
                Some(fields([("tcpi_state", TCP_STATE.value(state.into()))]))
            }
            (libc::SOL_SOCKET, libc::SO_BINDTODEVICE)
            | (libc::IPPROTO_TCP, libc::TCP_CONGESTION) => self.bytes(at, length),
            _ if length == 4 => Some(Value::Int(number()?.into())),
            _ => self.bytes(at, length),
        }
    }

    fn linger(&self, at: u64) -> Option<Value> {
        let linger: [u8; 8] = self.memory.array(at)?;
        let number = |at| Value::Int(Block(&linger).i32(at).into());
        Some(fields([("l_onoff", number(0)), ("l_linger", number(4))]))
    }

    /// struct ucred: SO_PEERCRED, SCM_CREDENTIALS.
    pub(super) fn credentials(&self, at: u64) -> Option<Value> {
        let credentials: [u8; 12] = self.memory.array(at)?;
        let number = |at| Value::Int(Block(&credentials).i32(at).into());
        let process = pid(Block(&credentials).i32(0));
        Some(fields([("pid", process), ("uid", number(4)), ("gid", number(8))]))
    }
}
