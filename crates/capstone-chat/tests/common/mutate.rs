//! Datagrams that nobody would send by accident: half of them noise, half of them requests in which
//! something has gone wrong. From a seed, so that a failure can be had again.

use fastrand::Rng;

/// What requests are made of, and what has broken programs before.
const PIECES: [&[u8]; 24] = [
    b"L ",
    b"C ",
    b"Q ",
    b"L",
    b"C",
    b"Q",
    b" ",
    b"  ",
    b"ann",
    b"bob",
    b"\n",
    b"\r",
    b"\0",
    b"\x1b[2J",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xe4\xbd",
    b"\xc2\x9b",
    "管理员".as_bytes(),
    "说:".as_bytes(),
    "你好".as_bytes(),
    "🙂".as_bytes(),
    b"OK",
    b"EXIT",
];

/// One datagram.
pub(crate) fn datagram(random: &mut Rng) -> Vec<u8> {
    let length = match random.u8(0..10) {
        0 => 0..2,
        1 => 1000..1100,
        2 => 2000..2100,
        _ => 0..64,
    };
    let length = random.usize(length);
    let mut bytes = Vec::with_capacity(length);
    if random.bool() {
        bytes.resize_with(length, || random.u8(..));
        return bytes;
    }
    while bytes.len() < length {
        bytes.extend_from_slice(random.choice(PIECES).unwrap_or(b""));
    }
    for _ in 0..random.usize(0..4) {
        mutate(&mut bytes, random);
    }
    bytes
}

/// One thing goes wrong: a byte changes, comes or goes, or the end is cut off.
fn mutate(bytes: &mut Vec<u8>, random: &mut Rng) {
    let at = random.usize(..=bytes.len());
    match random.u8(0..4) {
        0 => bytes.insert(at, random.u8(..)),
        1 => bytes.truncate(at),
        2 if at < bytes.len() => bytes[at] ^= 1 << random.u8(0..8),
        _ if at < bytes.len() => drop(bytes.remove(at)),
        _ => {}
    }
}
