//! Ports: who hands them out, and what they are called.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::RangeInclusive;

use cli::{Outcome, Usage};

use crate::c;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    // 6666 is a poor choice for a web server: browsers refuse 6665 to 6669 (IRC). So is whatever
    // Linux gives to clients.
    for number in ["80", "255", "256", "1023", "1024", "3306", "6666", "8888", "40000", "49152"] {
        port(number)?;
    }
    // 65536 is no port, and the type says so.
    if let Err(error) = "70000".parse::<u16>() {
        writeln!(out, "70000: {error}")?;
    }
    // The names are a file, nothing more: /etc/services says what is usual, not what runs.
    for name in ["http", "domain", "tftp", "mysql", "no-such-service"] {
        service(name)?;
    }
    free()?;
    shared()
}

/// IANA's three ranges (RFC 6335). The border at 255 that some notes have is long gone.
fn class(port: u16) -> &'static str {
    match port {
        0 => "no port: in bind it asks the kernel for one",
        1..=1023 => "system",
        1024..=49151 => "user (IANA registers them)",
        49152.. => "dynamic",
    }
}

/// What Linux makes of it is two settings of its own.
pub(crate) fn port(text: &str) -> Outcome {
    let number: u16 = text.parse().map_err(|e| Usage(format!("'{text}' is no port: {e}")))?;
    let root = if number != 0 && number < first_free()? { ", bind needs a privilege" } else { "" };
    // A server on such a port finds it taken when a client happens to have been given it.
    let chosen = if ephemeral()?.contains(&number) { ", Linux gives it to clients" } else { "" };
    writeln!(io::stdout(), "{number}: {}{root}{chosen}", class(number))?;
    Ok(())
}

pub(crate) fn service(name: &str) -> Outcome {
    for (protocol, label) in [(c"tcp", "tcp"), (c"udp", "udp")] {
        let port = c::service(name, protocol)?;
        let port = port.map_or("not in /etc/services".into(), |port| port.to_string());
        writeln!(io::stdout(), "getservbyname({name}, {label}): {port}")?;
    }
    Ok(())
}

/// Port 0 is the way to a port that is free: the kernel chooses, local_addr says which.
fn free() -> Outcome {
    let range = ephemeral()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let inside = range.contains(&listener.local_addr()?.port());
    let (from, to) = range.into_inner();
    writeln!(
        io::stdout(),
        "bind to port 0 gave one in ip_local_port_range {from} to {to}: {inside}"
    )?;
    writeln!(io::stdout(), "ip_unprivileged_port_start: {}", first_free()?)?;
    Ok(())
}

/// A port is not "unique for each application": it belongs to a protocol and a local address.
fn shared() -> Outcome {
    let mut out = io::stdout();
    let home = Ipv4Addr::LOCALHOST;
    // Another program may have the same number in use for UDP: then take the next one.
    for _ in 0..100 {
        let tcp = TcpListener::bind((home, 0))?;
        let port = tcp.local_addr()?.port();
        let Ok(_udp) = UdpSocket::bind((home, port)) else { continue };
        writeln!(out, "one port, TCP and UDP: both are bound")?;
        match TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), port)) {
            Ok(_) => writeln!(out, "the same port of 127.0.0.2, TCP: bound")?,
            Err(error) => writeln!(out, "the same port of 127.0.0.2, TCP: {error}")?,
        }
        match TcpListener::bind((home, port)) {
            Ok(_) => writeln!(out, "the same port and address, TCP again: bound")?,
            Err(error) => writeln!(out, "the same port and address, TCP again: {error}")?,
        }
        return Ok(());
    }
    Err("no port is free for TCP and UDP at once".into())
}

/// Where the kernel takes ports from that nobody asked for by number.
fn ephemeral() -> Outcome<RangeInclusive<u16>> {
    let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")?;
    let mut ports = text.split_ascii_whitespace().map(str::parse);
    let (Some(from), Some(to)) = (ports.next(), ports.next()) else {
        return Err(format!("ip_local_port_range is {text:?}").into());
    };
    Ok(from?..=to?)
}

/// Below it, bind needs CAP_NET_BIND_SERVICE.
fn first_free() -> Outcome<u16> {
    let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start")?;
    // It may be 65536: every port is privileged.
    Ok(text.trim().parse::<u32>()?.try_into().unwrap_or(u16::MAX))
}
