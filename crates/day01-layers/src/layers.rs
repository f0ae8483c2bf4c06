//! What each layer adds to five bytes on their way.
//!
//! TCP/IP has four layers (RFC 1122): application, transport, internet, link. OSI has seven; its
//! presentation layer is about representation, its session layer about dialogues. The "five layers"
//! of textbooks are a mixture of both.

use std::io::{self, Write as _};
use std::net::Ipv4Addr;

use cli::Outcome;
use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::sys::socket::{getsockopt, sockopt};
use socket2::Socket;

use crate::{kernel, v4};

pub(crate) fn run(client: &Socket, request: &[u8]) -> Outcome {
    let mut out = io::stdout();
    let (from, to) = (v4(&client.local_addr()?)?, v4(&client.peer_addr()?)?);

    // What the two programs have agreed upon. No port and no address stands in it.
    writeln!(
        out,
        "    application: {} bytes, {:?}",
        request.len(),
        request.escape_ascii().to_string()
    )?;

    // Ports say which program; sequence numbers make a stream of segments. The MSS is what the
    // other side may put into one segment.
    let (ports, info) = ((from.port(), to.port()), kernel::info(client)?);
    let mss = info.tcpi_advmss;
    writeln!(out, "    transport:   TCP, port {} to port {}, MSS {mss}", ports.0, ports.1)?;

    // Addresses say which machine. The MTU is the longest packet of this path.
    let mtu = getsockopt(client, sockopt::IpMtu)?;
    writeln!(out, "    internet:    IPv4, {} to {}, MTU {mtu}", from.ip(), to.ip())?;

    // 20 bytes of IP, 20 of TCP, and mostly 12 of timestamps, in front of every full segment.
    let headers = i64::from(mtu) - i64::from(mss);
    let stamps = if info.tcpi_options & 1 == 1 { "with" } else { "without" };
    writeln!(out, "                 MTU - MSS = {headers} bytes of headers, {stamps} timestamps")?;

    // Frames to the next machine, by hardware addresses. lo leads back to this one: its frames
    // never meet a physical layer.
    let (name, hardware) = interface(*from.ip())?;
    let mtu = std::fs::read_to_string(format!("/sys/class/net/{name}/mtu")).unwrap_or_default();
    writeln!(out, "    link:        {name}, hardware address {hardware}, MTU {}", mtu.trim())?;
    Ok(())
}

/// The interface with this address, and what its hardware calls itself.
fn interface(ip: Ipv4Addr) -> Outcome<(String, String)> {
    let all: Vec<_> = getifaddrs()?.collect();
    let has = |a: &InterfaceAddress| Some(a.address.as_ref()?.as_sockaddr_in()?.ip() == ip);
    let name = all.iter().find(|a| has(a) == Some(true)).map(|a| a.interface_name.clone());
    let name = name.ok_or("no interface has this address")?;
    // The same list holds an entry for the link layer of each interface.
    let mut links = all.iter().filter(|a| a.interface_name == name);
    let link = links.find_map(|a| a.address.as_ref()?.as_link_addr()?.addr());
    let bytes = link.unwrap_or_default().map(|byte| format!("{byte:02x}"));
    Ok((name, bytes.join(":")))
}
