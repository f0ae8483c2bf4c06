//! From names to addresses, and back.

use std::io::{self, Write as _};
use std::net::{IpAddr, ToSocketAddrs as _};

use cli::{Outcome, Usage};

use crate::c;

pub(crate) fn run() -> Outcome {
    // What this machine calls itself. Others need not know it by that name.
    let host = nix::unistd::gethostname()?;
    writeln!(io::stdout(), "gethostname: {}", host.display())?;
    for name in ["localhost", "127.0.0.1", "127.1"] {
        resolve(name)?;
    }
    Ok(())
}

/// getaddrinfo(3), as std calls it, and the way back for each address.
pub(crate) fn resolve(name: &str) -> Outcome {
    let mut out = io::stdout();
    // A name may have many addresses, IPv4 and IPv6, in the order in which they are to be tried
    // (RFC 6724). gethostbyname gave one, and knew only IPv4. The port is passed through.
    let found = (name, 0).to_socket_addrs();
    let found = found.map_err(|e| Usage(format!("no address is known for '{name}': {e}")))?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found.map(|found| found.ip()) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    for address in addresses {
        // The way back is another table (PTR records in the DNS). It need not lead to where one
        // has come from, and often leads nowhere. It says nothing about who owns a name.
        let back = c::name_of(address).unwrap_or_else(|why| format!("no name ({why})"));
        writeln!(out, "getaddrinfo({name}): {address}, getnameinfo: {back}")?;
    }
    Ok(())
}
