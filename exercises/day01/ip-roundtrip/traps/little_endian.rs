//! expect: gave the bytes [1, 0, 0, 127]
//! expect: bind(2) was asked for 1.0.0.127
//! expect: EADDRNOTAVAIL (99)

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
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return Err(Refused::Parts);
    }
    let mut address: u32 = 0;
    for part in parts {
        address = address << 8 | u32::from(number(part)?);
    }
    // "As the machine has it in memory."
    Ok(address.to_le_bytes())
}

fn number(part: &str) -> Result<u8, Refused> {
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::NotANumber);
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(Refused::LeadingZero);
    }
    part.parse().map_err(|_| Refused::TooLarge)
}
