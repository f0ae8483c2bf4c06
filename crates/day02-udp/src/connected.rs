//! A connected UDP socket: connect sends nothing at all. It writes an address into the socket,
//! and from then on the kernel knows whose datagrams, and whose errors, belong here.

use cli::Outcome;

use crate::datagrams::{outcome, socket};
use crate::say;

pub(crate) fn run() -> Outcome {
    say("connected")?;
    nobody_there()?;
    strangers()
}

/// A port that nobody reads from, for as long as we keep it: bound, and connected to somebody else.
fn nobody_there() -> Outcome {
    let deaf = socket()?;
    deaf.connect(socket()?.local_addr()?)?;
    let nobody = deaf.local_addr()?;

    // The other machine answers "port unreachable" (ICMP). To a socket that talks with everybody
    // the kernel could not say which of its datagrams failed, so it says nothing.
    let anybodys = socket()?;
    say("  to a port where nobody reads:")?;
    say(&format!("    not connected: send_to gives {}", outcome(anybodys.send_to(b"?", nobody))))?;
    say(&format!("    not connected: send_to gives {}", outcome(anybodys.send_to(b"?", nobody))))?;

    // Connected, the answer is an error of the next call: the send itself has long returned.
    let client = socket()?;
    client.connect(nobody)?;
    say(&format!("    connected: send gives {}", outcome(client.send(b"?"))))?;
    say(&format!("    connected: recv gives {}", outcome(client.recv(&mut [0; 16]))))
}

/// The datagrams of others are not delivered: for them, nobody is there.
fn strangers() -> Outcome {
    let (server, client, stranger) = (socket()?, socket()?, socket()?);
    client.connect(server.local_addr()?)?;
    stranger.connect(client.local_addr()?)?;
    stranger.send(b"buy now")?;
    let refused = outcome(stranger.recv(&mut [0; 16]));
    say(&format!("  a stranger writes to a connected socket: {refused}"))?;

    server.send_to(b"from the server", client.local_addr()?)?;
    let mut room = [0; 64];
    let n = client.recv(&mut room)?;
    let text = String::from_utf8_lossy(&room[..n]);
    say(&format!("  the first thing that the connected socket hears: {text:?}"))
}
