//! CRC-32 as in gzip, PNG and Ethernet (ISO 3309; Python's zlib.crc32). TCP has a checksum of its
//! own, but of 16 bits, and it ends at each network card. This one finds accidents from disk to
//! disk; against a forger only a cryptographic hash would help.

use std::io::{self, Write};

/// Passes bytes on and sums them up.
pub(crate) struct Summed<W> {
    to: W,
    state: u32,
}

impl<W> Summed<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { to, state: !0 }
    }

    pub(crate) fn sum(&self) -> u32 {
        !self.state
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A write may take a part, and only that part counts.
        let n = self.to.write(bytes)?;
        for byte in &bytes[..n] {
            let at = (self.state ^ u32::from(*byte)) & 0xff;
            self.state = TABLE[at as usize] ^ (self.state >> 8);
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// For each byte, what eight steps of the polynomial division make of it.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "a const fn has no try_from; at < 256")]
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};
