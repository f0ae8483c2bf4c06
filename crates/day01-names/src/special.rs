//! Addresses that mean more than a machine.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};

use cli::Outcome;
use nix::ifaddrs::getifaddrs;
use nix::sys::socket::SockaddrStorage;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    for text in [
        "127.0.0.1",
        // All of 127.0.0.0/8 is this machine.
        "127.200.3.4",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.0.1",
        "172.32.0.1",
        // A gateway often has .1, out of habit: nothing in the address says so.
        "192.168.1.1",
        // A broadcast address? The address alone cannot say: see the masks below.
        "192.168.1.255",
        "255.255.255.255",
        "169.254.7.7",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        // An IPv4 address in IPv6 clothes: what it is, it is only without them.
        "::ffff:127.0.0.1",
    ] {
        let address: IpAddr = text.parse()?;
        writeln!(out, "{text:<18} {}", kind(address))?;
    }
    broadcast()?;
    any()
}

/// What std knows about an address.
pub(crate) fn kind(address: IpAddr) -> String {
    let all = match address {
        IpAddr::V4(ip) => vec![
            (ip.is_loopback(), "loopback"),
            (ip.is_unspecified(), "unspecified"),
            (ip.is_private(), "private"),
            (ip.is_broadcast(), "limited broadcast"),
            (ip.is_link_local(), "link-local"),
            (ip.is_multicast(), "multicast"),
        ],
        IpAddr::V6(ip) => vec![
            (ip.is_loopback(), "loopback"),
            (ip.is_unspecified(), "unspecified"),
            (ip.is_unique_local(), "unique local (private)"),
            (ip.is_unicast_link_local(), "link-local"),
            (ip.is_multicast(), "multicast"),
            (ip.to_ipv4_mapped().is_some(), "an IPv4 address, mapped"),
        ],
    };
    let found = all.into_iter().find_map(|(is, name)| is.then_some(name));
    found.unwrap_or("nothing special").into()
}

/// The broadcast address of a network has all bits of the host set, so it depends on the mask.
fn broadcast() -> Outcome {
    let mut out = io::stdout();
    for prefix in [24, 22] {
        let address = Ipv4Addr::new(192, 168, 1, 72);
        let (mask, last) = with_mask(address, u32::MAX << (32 - prefix));
        writeln!(out, "{address}/{prefix}: mask {mask}, broadcast {last}")?;
    }
    // What this machine has, as `ip addr` shows it.
    let v4 = |a: Option<SockaddrStorage>| a?.as_sockaddr_in().map(nix::sys::socket::SockaddrIn::ip);
    for interface in getifaddrs()? {
        let (name, kernel) = (interface.interface_name, v4(interface.broadcast));
        let (Some(ip), Some(mask)) = (v4(interface.address), v4(interface.netmask)) else {
            continue;
        };
        let (mask, last) = with_mask(ip, mask.into());
        // Loopback is alone with itself and has none.
        let kernel = kernel.map_or("none".into(), |kernel| kernel.to_string());
        writeln!(out, "{name}: {ip}, mask {mask}, all host bits set {last}, broadcast {kernel}")?;
    }
    Ok(())
}

fn with_mask(address: Ipv4Addr, mask: u32) -> (Ipv4Addr, Ipv4Addr) {
    (mask.into(), (u32::from(address) | !mask).into())
}

/// 0.0.0.0 is for bind: every address of this machine. Nobody is called so. (Python's "" for it
/// does not exist in Rust: say Ipv4Addr::UNSPECIFIED.)
fn any() -> Outcome {
    let mut out = io::stdout();
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    let port = listener.local_addr()?.port();
    let client = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let (server, _) = listener.accept()?;
    writeln!(out, "a listener on {}", listener.local_addr()?.ip())?;
    writeln!(
        out,
        "a connection to {} came in at {}",
        client.peer_addr()?.ip(),
        server.local_addr()?.ip()
    )?;
    // Linux takes it for loopback. Elsewhere it is an error, and from outside it cannot mean us.
    match TcpStream::connect((Ipv4Addr::UNSPECIFIED, port)) {
        Ok(client) => writeln!(out, "connect(0.0.0.0) went to {}", client.peer_addr()?.ip())?,
        Err(error) => writeln!(out, "connect(0.0.0.0): {error}")?,
    }
    Ok(())
}
