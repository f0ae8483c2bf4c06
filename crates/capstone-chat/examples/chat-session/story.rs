//! What happens. Nobody types before those whom it concerns have seen what came before, so that the
//! order is the same on every run.

use cli::Outcome;
use nix::sys::signal::Signal;

use crate::actor::Actor;

pub(crate) fn play() -> Outcome {
    let mut server = Actor::start("server", &["server", "127.0.0.1:0"])?;
    let line = server.says()?;
    let address = line.strip_prefix("listening on ").ok_or("the server is not listening")?;

    // `L ann` goes out, OK comes back: 您已进入聊天室 is the client's own sentence.
    let mut ann = Actor::start("ann", &["client", address, "ann"])?;
    ann.says()?;
    let mut bob = Actor::start("bob", &["client", address, "bob"])?;
    bob.says()?;
    ann.says()?;

    // One datagram to the server, and one from there to everybody else.
    ann.types("hello, bob")?;
    bob.says()?;
    bob.types("你好")?;
    ann.says()?;

    // The administrator: the server's poll has two descriptors that may wake it.
    server.types("five minutes left")?;
    ann.says()?;
    bob.says()?;

    // `Q bob` goes out, EXIT comes back.
    bob.types("quit")?;
    bob.ends()?;
    ann.says()?;
    ann.types("quit")?;
    ann.ends()?;
    server.signal(Signal::SIGTERM)?;
    server.ends()
}
