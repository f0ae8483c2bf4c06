//! One sends, many receive; on loopback, where 127.255.255.255 is the highest address.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

use cli::Outcome;
use nix::errno::Errno;
use socket2::SockRef;

use crate::{interfaces, receiver, say};

pub(crate) fn run() -> Outcome {
    interfaces::run()?;
    let networks = interfaces::all()?;
    let lo = networks
        .iter()
        .find(|network| network.loopback && network.address.is_loopback())
        .ok_or("no loopback device")?;
    let subnet = lo.highest();

    // Five receivers of one port. The last one is bound as servers usually are, to 0.0.0.0.
    let dan = receiver((lo.address, 0).into())?;
    let port = dan.local_addr()?.port();
    let bind = |address: Ipv4Addr| receiver((address, port).into());
    let (ann, bob, cat) = (bind(subnet)?, bind(subnet)?, bind(Ipv4Addr::BROADCAST)?);
    let eve = bind(Ipv4Addr::UNSPECIFIED)?;
    // 0.0.0.0 is every device; here, loopback only.
    SockRef::from(&eve).bind_device(Some(lo.name.as_bytes()))?;

    let sender = UdpSocket::bind((lo.address, 0))?;
    // "This link": with several devices the routing table would have to choose one. We choose, so
    // that nothing leaves the machine.
    SockRef::from(&sender).bind_device(Some(lo.name.as_bytes()))?;
    say("without SO_BROADCAST")?;
    for address in [subnet, Ipv4Addr::BROADCAST] {
        say(&format!("  to {address}: {}", outcome(sender.send_to(b"?", (address, port)))))?;
    }

    say("with SO_BROADCAST")?;
    sender.set_broadcast(true)?;
    for address in [subnet, Ipv4Addr::BROADCAST, lo.address] {
        let message = format!("to {address}");
        let sent = sender.send_to(message.as_bytes(), (address, port));
        say(&format!("  {message}: {}", outcome(sent)))?;
    }
    // One send, and ann, bob and eve have a copy each. The kinds are not mixed up: cat is deaf to
    // the subnet's broadcast and ann to the limited one, and dan, bound to an ordinary address,
    // hears what was sent to him alone. Eve hears both broadcasts, but not dan's message: an exact
    // address comes before a wildcard.
    for (name, socket, count) in
        [("ann", &ann, 1), ("bob", &bob, 1), ("cat", &cat, 1), ("dan", &dan, 1), ("eve", &eve, 2)]
    {
        let bound = socket.local_addr()?.ip();
        say(&format!("  {name}, bound to {bound}, hears: {}", hear(socket, count)?))?;
    }
    // By now every datagram has been heard by somebody. What is left over?
    let mut more = 0;
    for socket in [&ann, &bob, &cat, &dan, &eve] {
        socket.set_nonblocking(true)?;
        more += usize::from(socket.recv(&mut [0; 64]).is_ok());
    }
    say(&format!("  and {more} datagrams more"))
}

fn hear(socket: &UdpSocket, count: usize) -> io::Result<String> {
    // UDP promises nothing: a lesson must not wait for ever.
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut heard = Vec::new();
    let mut room = [0; 64];
    for _ in 0..count {
        let n = socket.recv(&mut room)?;
        heard.push(String::from_utf8_lossy(&room[..n]).into_owned());
    }
    Ok(heard.join(", "))
}

/// `Ok(3)`, or the errno's name.
fn outcome(result: io::Result<usize>) -> String {
    match result {
        Ok(n) => format!("Ok({n})"),
        Err(error) => match error.raw_os_error().map(Errno::from_raw) {
            Some(errno) => format!("{errno:?}, {}", errno.desc()),
            None => error.to_string(),
        },
    }
}
