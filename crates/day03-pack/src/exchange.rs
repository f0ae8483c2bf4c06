//! Records over UDP: a datagram is a message already, so a record needs no framing.

use std::io::{self, Write as _};
use std::net::UdpSocket;
use std::time::Duration;

use cli::Outcome;
use sockets::udp;

use crate::hex;
use crate::record::{Name, Reading};

/// Answers a record with the same record, its level doubled; says what it cannot read, and goes on.
pub(crate) fn serve_one(socket: &UdpSocket) -> Outcome {
    // One byte more than a record: a longer datagram is cut to the buffer without a word, and
    // would look like a record if the buffer were as long as one.
    let mut bytes = [0; Reading::SIZE + 1];
    let (n, peer) = syscall::retry(|| socket.recv_from(&mut bytes))?;
    match Reading::unpack(&bytes[..n]) {
        Ok(reading) => {
            writeln!(io::stdout(), "  got {}   {reading}", hex(&bytes[..n]))?;
            let answer = Reading { level: reading.level * 2.0, ..reading };
            // A peer that cannot be reached is its own problem.
            let _ = socket.send_to(&answer.pack(), peer);
        }
        Err(error) => {
            let more = if n > Reading::SIZE { " or more" } else { "" };
            writeln!(io::stdout(), "  refused: {error}{more}")?;
        }
    }
    Ok(())
}

/// Sends a record and waits for its answer: UDP may lose either, so the wait has a limit.
pub(crate) fn ask(socket: &UdpSocket, reading: Reading) -> Outcome {
    socket.send(&reading.pack())?;
    answer(socket)
}

fn answer(socket: &UdpSocket) -> Outcome {
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut bytes = [0; Reading::SIZE + 1];
    match syscall::retry(|| socket.recv(&mut bytes)) {
        Ok(n) => {
            let reading = Reading::unpack(&bytes[..n])?;
            writeln!(io::stdout(), "  the answer: {reading}")?;
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            Err("no answer within two seconds".into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Both sides in one thread: the kernel keeps a datagram until it is asked for.
pub(crate) fn run() -> Outcome {
    let server = udp::Bind::new().on("127.0.0.1:0".parse()?)?;
    let client = udp::Bind::new().connected_to(server.local_addr()?)?;
    writeln!(io::stdout(), "records over UDP")?;
    for (id, name, level) in [(1, "ab", 0.75), (2, "水", -0.0)] {
        client.send(&Reading { id, name: Name::new(name)?, level }.pack())?;
        serve_one(&server)?;
        answer(&client)?;
    }
    for size in [Reading::SIZE - 1, 2 * Reading::SIZE] {
        writeln!(io::stdout(), "  a datagram of {size} bytes")?;
        client.send(&vec![0; size])?;
        serve_one(&server)?;
    }
    Ok(())
}
