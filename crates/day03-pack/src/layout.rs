//! What one value looks like in memory, and why memory is not a message.

use std::io::{self, Write as _};
use std::mem::{align_of, offset_of};

use cli::Outcome;

use crate::hex;
use crate::record::{Name, Pair, Reading};

/// As a C compiler lays it out: each field starts at a multiple of its own size, so that one
/// access fetches it. Three bytes between the two mean nothing. Without repr(C) Rust promises no
/// order of the fields at all.
#[repr(C)]
struct Padded {
    letter: u8,
    number: i32,
}

/// No padding: `number` lies at an odd address, and the compiler refuses a reference to it.
#[repr(C, packed)]
struct Packed {
    letter: u8,
    number: i32,
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "one number, 0x01020304, in two orders")?;
    let number = 0x0102_0304_u32;
    let machine = if cfg!(target_endian = "little") { "little" } else { "big" };
    writeln!(out, "  to_be_bytes  {}   network order: \"!\" or \">\"", hex(&number.to_be_bytes()))?;
    writeln!(out, "  to_le_bytes  {}   \"<\"", hex(&number.to_le_bytes()))?;
    writeln!(
        out,
        "  to_ne_bytes  {}   \"=\": this machine, {machine}",
        hex(&number.to_ne_bytes())
    )?;
    let wrong = u32::from_le_bytes(number.to_be_bytes());
    writeln!(out, "  written by one order and read by the other: {wrong:#010x}, and no error")?;

    writeln!(out, "a letter and a number, struct's \"ci\"")?;
    let (size, align) = (size_of::<Padded>(), align_of::<Padded>());
    let (first, second) = (offset_of!(Padded, letter), offset_of!(Padded, number));
    writeln!(out, "  repr(C)          {size} bytes, at {first} and {second}, aligned to {align}")?;
    let (size, align) = (size_of::<Packed>(), align_of::<Packed>());
    let (first, second) = (offset_of!(Packed, letter), offset_of!(Packed, number));
    writeln!(out, "  repr(C, packed)  {size} bytes, at {first} and {second}, aligned to {align}")?;
    let bytes = Pair { letter: b'c', number: 258 }.pack();
    let Pair { letter, number } = Pair::unpack(&bytes)?;
    let letter = char::from(letter);
    writeln!(out, "  on the wire      {} bytes: {}", bytes.len(), hex(&bytes))?;
    writeln!(out, "  and back         '{letter}' and {number}")?;

    writeln!(out, "a number, a text and a float, struct's \"!I4sf\"")?;
    for (id, name, level) in [(1, "ab", 1.5), (u32::MAX, "水", -0.0), (7, "", f32::NAN)] {
        let bytes = Reading { id, name: Name::new(name)?, level }.pack();
        let back = Reading::unpack(&bytes)?;
        writeln!(out, "  {}   {back}", hex(&bytes))?;
    }

    // == is the wrong question about floats: bits are compared by to_bits.
    let back = |level: f32| {
        let bytes = Reading { id: 0, name: Name::new("")?, level }.pack();
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Reading::unpack(&bytes)?.level)
    };
    let (zero, nan) = (back(-0.0)?, back(f32::NAN)?);
    #[allow(clippy::float_cmp, clippy::eq_op, reason = "what == says is on show")]
    let (same, itself) = (zero == 0.0, nan == nan);
    writeln!(out, "  -0.0 came back with its sign: {}; == 0.0: {same}", zero.is_sign_negative())?;
    writeln!(out, "  NaN came back as NaN: {}; == itself: {itself}", nan.is_nan())?;
    let kept = f32::NAN.to_bits() == nan.to_bits();
    writeln!(out, "  NaN came back bit by bit: {kept}")?;

    writeln!(out, "what does not fit is refused")?;
    for text in ["abcde", "你好"] {
        if let Err(error) = Name::new(text) {
            writeln!(out, "  {error}")?;
        }
    }
    Ok(())
}
