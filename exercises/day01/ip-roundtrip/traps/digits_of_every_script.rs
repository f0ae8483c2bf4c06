//! expect: your code panicked at src/lib.rs:
//! expect: InvalidDigit
//! expect: then came parse("

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
    if part.is_empty() || !part.chars().all(char::is_numeric) {
        return Err(Refused::NotANumber);
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(Refused::LeadingZero);
    }
    if part.chars().count() > 3 {
        return Err(Refused::TooLarge);
    }
    // "Three digits: that cannot fail."
    let number: u32 = part.parse().unwrap();
    u8::try_from(number).map_err(|_| Refused::TooLarge)
}
