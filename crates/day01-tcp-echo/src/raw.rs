//! The kinds of sockets, and the one that not everybody gets.

use std::io::{self, Write as _};

use cli::Outcome;
use socket2::{Domain, Protocol, Socket, Type};

/// The number of CAP_NET_RAW in capabilities(7).
const CAP_NET_RAW: u64 = 13;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    for (name, kind) in [("SOCK_STREAM", Type::STREAM), ("SOCK_DGRAM", Type::DGRAM)] {
        // Protocol 0 stands for the usual one of this family and kind. The socket knows which.
        let socket = Socket::new(Domain::IPV4, kind, None)?;
        let protocol = match socket.protocol()? {
            Some(Protocol::TCP) => "TCP",
            Some(Protocol::UDP) => "UDP",
            _ => "another one",
        };
        writeln!(out, "socket({name}, 0): the protocol is {protocol}")?;
    }
    // SOCK_RAW (not RAM): whole IP packets, as ping and traceroute need them. Whoever has it sees
    // the packets of others, so the kernel asks for a capability, which root usually has.
    let has = if has_net_raw()? { "with" } else { "without" };
    let result = match Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4)) {
        Ok(_) => "a socket".into(),
        Err(error) => error.to_string(),
    };
    writeln!(out, "socket(SOCK_RAW, ICMP) {has} CAP_NET_RAW: {result}")?;
    Ok(())
}

/// Whether this thread's effective capabilities hold it.
fn has_net_raw() -> Outcome<bool> {
    let status = std::fs::read_to_string("/proc/thread-self/status")?;
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = u64::from_str_radix(effective.ok_or("no CapEff in /proc")?.trim(), 16)?;
    Ok(bits >> CAP_NET_RAW & 1 == 1)
}
