//! Two servers on one UDP port.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use cli::Outcome;
use socket2::{Domain, Socket, Type};

use crate::say;

const SENT: usize = 3;

fn server(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    // No SO_REUSEADDR: UDP has no TIME_WAIT, and a second server is to be told.
    socket.bind(&address.into())?;
    Ok(socket.into())
}

pub(crate) fn run() -> Outcome {
    say("two servers on one UDP port")?;
    let first = server(([127, 0, 0, 1], 0).into())?;
    let second = match server(first.local_addr()?) {
        Ok(second) => {
            say("  the second server: bind works")?;
            Some(second)
        }
        Err(error) => {
            say(&format!("  the second server: {error}"))?;
            None
        }
    };
    let client = UdpSocket::bind("127.0.0.1:0")?;
    for n in 1..=SENT {
        client.send_to(format!("datagram {n}").as_bytes(), first.local_addr()?)?;
    }
    // Whoever gets them: all have arrived when the last one has been found at one of the two.
    let mut counts = [0; 2];
    while counts[0] + counts[1] < SENT {
        counts[0] += count(&first)?;
        if let Some(second) = &second {
            counts[1] += count(second)?;
        }
    }
    let [first, second] = counts;
    say(&format!("  {SENT} datagrams sent: the first server got {first}, the second {second}"))
}

/// How many datagrams come before nothing comes for a moment.
fn count(socket: &UdpSocket) -> io::Result<usize> {
    socket.set_read_timeout(Some(Duration::from_millis(20)))?;
    let mut count = 0;
    loop {
        match socket.recv(&mut [0; 64]) {
            Ok(_) => count += 1,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
