//! The broken twin: a sender that sends its memory.
//!
//! Watch for: the receiver follows the protocol and gets other numbers, without any error; and
//! where the sender's compiler put padding, the record has another size.
//! The mistake: `diff crates/day03-pack/src/record.rs crates/day03-pack/examples/native_order/record.rs`

#[allow(dead_code, reason = "this side only packs")]
mod record;
#[path = "../../src/record.rs"]
#[allow(dead_code, reason = "this side only unpacks")]
mod right;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome};
use sockets::udp;

fn main() -> ExitCode {
    let about =
        "A record sent in the order and layout of memory: compare its record.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let receiver = udp::Bind::new().on("127.0.0.1:0".parse()?)?;
    let sender = udp::Bind::new().connected_to(receiver.local_addr()?)?;
    let mut out = io::stdout();
    let mut bytes = [0; 64];

    let reading = record::Reading { id: 1, name: record::Name::new("ab")?, level: 1.5 };
    sender.send(&reading.pack())?;
    let n = receiver.recv(&mut bytes)?;
    let got = right::Reading::unpack(&bytes[..n])?;
    writeln!(
        out,
        "sent:     id {}, name '{}', level {:?}",
        reading.id, reading.name, reading.level
    )?;
    writeln!(out, "received: id {}, name '{}', level {:?}", got.id, got.name, got.level)?;

    let pair = record::Pair { letter: b'c', number: 258 };
    sender.send(&pair.pack())?;
    let n = receiver.recv(&mut bytes)?;
    writeln!(out, "sent:     letter '{}', number {}", char::from(pair.letter), pair.number)?;
    match right::Pair::unpack(&bytes[..n]) {
        Ok(_) => writeln!(out, "received: a pair")?,
        Err(error) => writeln!(out, "received: {:?}: {error}", &bytes[..n])?,
    }
    // On a stream there is no size to check: the first five bytes are taken for the record.
    let got = right::Pair::unpack(&bytes[..right::Pair::SIZE])?;
    writeln!(out, "over TCP: letter '{}', number {}", char::from(got.letter), got.number)?;
    Ok(())
}
