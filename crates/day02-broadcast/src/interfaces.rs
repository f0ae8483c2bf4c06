//! The networks of this machine, from getifaddrs(3).

use std::net::Ipv4Addr;

use cli::Outcome;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;

use crate::say;

/// One IPv4 network that this machine is in.
pub(crate) struct Network {
    pub(crate) name: String,
    pub(crate) address: Ipv4Addr,
    pub(crate) mask: Ipv4Addr,
    /// What the kernel says; a loopback or point-to-point device has none.
    pub(crate) broadcast: Option<Ipv4Addr>,
    pub(crate) loopback: bool,
}

impl Network {
    /// All host bits 1. It depends on the mask: the notes' ".255" is true for /24 only.
    pub(crate) fn highest(&self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() | !self.mask.to_bits())
    }
}

pub(crate) fn all() -> Outcome<Vec<Network>> {
    let mut networks = Vec::new();
    for entry in getifaddrs()? {
        // An interface has an entry for each address, also for IPv6 and for its hardware.
        let (Some(address), Some(mask)) = (entry.address, entry.netmask) else { continue };
        let (Some(address), Some(mask)) = (address.as_sockaddr_in(), mask.as_sockaddr_in()) else {
            continue;
        };
        let broadcast = entry.broadcast.filter(|_| {
            // Without this flag the field holds the other end of a point-to-point link.
            entry.flags.contains(InterfaceFlags::IFF_BROADCAST)
        });
        networks.push(Network {
            name: entry.interface_name,
            address: address.ip(),
            mask: mask.ip(),
            broadcast: broadcast.and_then(|b| Some(b.as_sockaddr_in()?.ip())),
            loopback: entry.flags.contains(InterfaceFlags::IFF_LOOPBACK),
        });
    }
    Ok(networks)
}

pub(crate) fn run() -> Outcome {
    say("networks of this machine")?;
    for network in all()? {
        let Network { name, address, mask, broadcast, .. } = &network;
        let told = broadcast.map_or("none".into(), |address| address.to_string());
        let prefix = mask.to_bits().leading_ones();
        let highest = network.highest();
        say(&format!("  {name}: {address}/{prefix}, broadcast {told}, highest address {highest}"))?;
    }
    Ok(())
}
