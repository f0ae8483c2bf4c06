//! expect: took it for 1.2.3.0
//! expect: low eight bits of it has another machine

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
    let &[a, b, c, d] = parts.as_slice() else { return Err(Refused::Parts) };
    Ok([number(a)?, number(b)?, number(c)?, number(d)?])
}

fn number(part: &str) -> Result<u8, Refused> {
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::NotANumber);
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(Refused::LeadingZero);
    }
    let number: u64 = part.parse().map_err(|_| Refused::TooLarge)?;
    Ok(number as u8)
}
