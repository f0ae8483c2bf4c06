//! expect: parse("1.2.3.4.5") took it for 1.2.3.4
//! expect: it has five parts

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
    let mut address = [0; 4];
    for (byte, part) in address.iter_mut().zip(text.split('.')) {
        *byte = number(part)?;
    }
    Ok(address)
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
