//! The options: RFC 2347 (how they are agreed on), 2348 (blksize), 2349 (timeout, tsize), 7440
//! (windowsize).
//!
//! A server answers what it knows and can do; of what it leaves out, the client must not speak again.
//! A blksize or windowsize may be answered by a smaller one, a timeout only by itself. A client that
//! gets what it did not ask for refuses the OACK by ERROR 8.

mod accept;
mod ask;

pub use accept::{Accepted, Limits, for_reading, for_writing};
pub use ask::Ask;

use std::time::Duration;

/// RFC 2348.
const BLKSIZE: &str = "blksize";
/// RFC 2349.
const TIMEOUT: &str = "timeout";
/// RFC 2349.
const TSIZE: &str = "tsize";
/// RFC 7440.
const WINDOWSIZE: &str = "windowsize";

/// RFC 2348: 8 to 65,464 bytes, which with header, UDP and IP make an IPv4 packet of 65,496.
const SMALLEST: u16 = 8;
const LARGEST: u16 = 65_464;

/// Of 65,536 numbers, a window of more than half could not tell what is ahead from what is behind.
const WIDEST: u16 = 32_767;

/// What both sides do from now on; the default is RFC 1350 without any option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Bytes of a full DATA packet's payload.
    pub blksize: u16,
    /// Blocks that are sent before the sender waits.
    pub windowsize: u16,
    /// Between two tries, when it was agreed.
    pub timeout: Option<Duration>,
    /// The length of the file, as its owner says.
    pub tsize: Option<u64>,
}

impl Default for Agreed {
    fn default() -> Agreed {
        Agreed { blksize: 512, windowsize: 1, timeout: None, tsize: None }
    }
}

/// A value: decimal digits and nothing else.
fn number(value: &[u8]) -> Option<u64> {
    // FromStr would take a leading plus as well.
    let digits = value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// One option as it stands in a packet.
fn put(pairs: &mut Vec<u8>, name: &str, value: u64) {
    pairs.extend_from_slice(name.as_bytes());
    pairs.push(0);
    pairs.extend_from_slice(value.to_string().as_bytes());
    pairs.push(0);
}
