//! expect: gave the wrong one of the four reasons
//! expect: got:    Parts
//! expect: wanted: TooLarge

use std::net::Ipv4Addr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Parts,
    NotANumber,
    LeadingZero,
    TooLarge,
}

pub fn format(address: [u8; 4]) -> String {
    let [a, b, c, d] = address;
    format!("{a}.{b}.{c}.{d}")
}

pub fn parse(text: &str) -> Result<[u8; 4], Refused> {
    text.parse::<Ipv4Addr>().map(|address| address.octets()).map_err(|_| Refused::Parts)
}
