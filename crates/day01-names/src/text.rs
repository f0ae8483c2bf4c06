//! Addresses as text and as bytes.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cli::Outcome;

use crate::c;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    // Four bytes in network order: that is the address. The text is for people.
    let address: Ipv4Addr = "192.168.1.2".parse()?;
    let [a, b, c, d] = address.octets();
    writeln!(out, "192.168.1.2 is {a:#04x} {b:#04x} {c:#04x} {d:#04x}")?;
    writeln!(out, "and back: {}", Ipv4Addr::from([a, b, c, d]))?;

    // Rust's parser takes one spelling. inet_aton takes what the eighties took: fewer than four
    // numbers, the last one then fills the rest; octal with a leading 0, hexadecimal with 0x; and
    // anything behind a blank. Two programs that read the same text differently are a way in.
    writeln!(out, "{:<18} {:<18} inet_aton", "text", "parse")?;
    for text in [
        "192.168.1.2",
        "127.1",
        "192.168.01.2",
        "192.168.010.2",
        "0x7f.0.0.1",
        "2130706433",
        "192.168.1.256",
        "1.2.3.4.5",
        " 192.168.1.2",
        "192.168.1.2 x",
        "",
    ] {
        row(text)?;
    }

    // IPv6: 128 bits, eight groups, one run of zeros may be left out. One text for each address
    // comes out (RFC 5952), many go in.
    for text in ["::1", "0:0:0:0:0:0:0:1", "2001:DB8:0:0:1:0:0:1", "::ffff:192.168.1.2", "1::2::3"]
    {
        match text.parse::<Ipv6Addr>() {
            Ok(address) => writeln!(out, "{text:<22} is {address}")?,
            Err(error) => writeln!(out, "{text:<22} {error}")?,
        }
    }
    Ok(())
}

/// One text, read in both ways.
pub(crate) fn row(text: &str) -> Outcome {
    let shown = |address: Option<IpAddr>| address.map_or("refused".into(), |a| a.to_string());
    let (ours, libc) = (shown(text.parse().ok()), shown(c::aton(text)?.map(IpAddr::V4)));
    writeln!(io::stdout(), "{:<18} {ours:<18} {libc}", format!("{text:?}"))?;
    Ok(())
}
