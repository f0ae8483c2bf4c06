//! What a peer can do from a raw socket, rule by rule.
//!
//! That something is *not* sent is seen by what comes next: a transfer's packets are heard in their
//! order, so the answer to a later one would come behind what should not have been said.

mod client;
mod options;
mod read;
mod requests;
mod write;

/// Packets that nobody should send within a transfer, and that no delay explains. What is legal for
/// one of the sides stands in that side's tests.
const MALFORMED: [&[u8]; 9] = [
    b"",
    b"\0",
    b"\0\x04",
    b"\0\x04\0",
    b"\0\0\0\x01",
    b"\0\x07\0\x01",
    b"\x01\x04\0\x01",
    b"\xff\xff\xff\xff",
    b"\0\x01a\0octet\0",
];
