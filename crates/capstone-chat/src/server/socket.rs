//! Where the server's socket comes from.

use std::net::{SocketAddr, UdpSocket};

use cli::{Outcome, Usage};
use service::ready;
use socket2::SockRef;
use sockets::{inherited, udp};

/// The size of both buffers, in bytes; the kernel takes at most net.core.rmem_max and wmem_max. A
/// thousand clients that log in at once, as after a restart, need more than the usual 200 KiB. So
/// does a member on the own network who has gone: what is sent to him lies in the send buffer until
/// nobody has answered to ARP for three seconds, up to 200 KiB of it (arp(7), unres_qlen_bytes), and
/// must leave room for the others.
const BUFFER: usize = 4 << 20;

/// The socket that was handed over (systemd.socket(5)), else a new one at this address.
pub(super) fn open(address: Option<SocketAddr>) -> Outcome<UdpSocket> {
    let mut handed_over = inherited::take()?;
    let socket = match (handed_over.pop(), address) {
        (Some(_), _) if !handed_over.is_empty() => {
            let count = handed_over.len() + 1;
            return Err(format!("{count} sockets were handed over, and a room has one").into());
        }
        (Some(socket), _) => inherited::udp(socket)?,
        (None, Some(address)) => bind(address)?,
        (None, None) => {
            let why = "the server needs ADDR, such as 127.0.0.1:9999, or a socket by LISTEN_FDS";
            return Err(Usage(why.into()).into());
        }
    };
    // Less than was asked for is no reason to give up.
    let _ = SockRef::from(&socket).set_recv_buffer_size(BUFFER);
    let _ = SockRef::from(&socket).set_send_buffer_size(BUFFER);
    Ok(socket)
}

/// Without SO_REUSEADDR, which the course's server sets: on Linux it lets a second server take the
/// port, and all datagrams, from the first one, silently.
fn bind(address: SocketAddr) -> Outcome<UdpSocket> {
    udp::Bind::new().on(address).map_err(|error| ready::refused(address, &error).into())
}
