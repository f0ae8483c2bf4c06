//! The operators, on the numbers of the course and at their edges.

use std::hint::black_box;
use std::io::{self, Write as _};

use cli::Outcome;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    // Column by column: AND keeps what both have, OR what one of them has, XOR what differs.
    writeln!(out, "operators, on 8 bits")?;
    let (a, b) = (11_u8, 14_u8);
    writeln!(out, "  a           {a:08b}  {a:>3}")?;
    writeln!(out, "  b           {b:08b}  {b:>3}")?;
    for (name, value) in [
        ("a & b", a & b),
        ("a | b", a | b),
        ("a ^ b", a ^ b),
        // A step to the left doubles, a step to the right halves.
        ("a << 2", a << 2),
        ("b >> 2", b >> 2),
        // Rust writes ~ as !, and the type says how many bits are turned.
        ("!a", !a),
    ] {
        writeln!(out, "  {name:<10}  {value:08b}  {value:>3}")?;
    }

    // The same bits mean another number in two's complement. There !a is -a - 1, which is all that
    // Python has: its integers have no width.
    let signed = 11_i8;
    writeln!(out, "with a sign")?;
    writeln!(out, "  !11_i8      {:08b}  {:>3}", !signed, !signed)?;
    // From the left a signed number is filled up with its sign, an unsigned one with zeros.
    let (minus, plain) = (-16_i8, 240_u8);
    writeln!(out, "  -16_i8 >> 2 {:08b}  {:>3}", minus >> 2, minus >> 2)?;
    writeln!(out, "  240_u8 >> 2 {:08b}  {:>3}", plain >> 2, plain >> 2)?;

    // What is pushed out on the left is lost, and nobody says so: this is no overflow.
    let high = 200_u8;
    writeln!(out, "shifting far")?;
    writeln!(out, "  200_u8 << 1 {:08b}  {:>3}   the highest bit is gone", high << 1, high << 1)?;
    // As many steps as there are bits is what Rust calls overflow. The processor takes the number
    // of steps modulo the width, C leaves it undefined; `1_u8 << 8` does not compile, and where
    // the number of steps is only known later a debug build panics. So ask:
    let steps = black_box(8);
    writeln!(out, "  1_u8.checked_shl(7)  {:?}", 1_u8.checked_shl(7))?;
    writeln!(out, "  1_u8.checked_shl(8)  {:?}", 1_u8.checked_shl(steps))?;
    writeln!(out, "  1_u8.wrapping_shl(8) {:?}", 1_u8.wrapping_shl(steps))?;
    writeln!(out, "  1_u8.unbounded_shl(8) {:?}", 1_u8.unbounded_shl(steps))?;
    Ok(())
}
