//! expect: your code panicked at src/lib.rs:
//! expect: with overflow
//! expect: then came parse("1.2.3.256")

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
    if part.is_empty() {
        return Err(Refused::NotANumber);
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(Refused::LeadingZero);
    }
    let mut number: u8 = 0;
    for byte in part.bytes() {
        if !byte.is_ascii_digit() {
            return Err(Refused::NotANumber);
        }
        number = number * 10 + (byte - b'0');
    }
    Ok(number)
}
