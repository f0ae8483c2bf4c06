//! The addresses of an allow list.

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its dots do not make four parts.
    Parts,
    /// A part is empty, or has something else in it than the digits 0 to 9.
    NotANumber,
    /// A part of several digits begins with 0.
    LeadingZero,
    /// A part is above 255.
    TooLarge,
}

/// The text of an address, whose four bytes are in network order.
pub fn format(address: [u8; 4]) -> String {
    // Network order is the order in which we read: the first byte is the first number. So nothing
    // here has to be turned round, on no machine.
    let [a, b, c, d] = address;
    format!("{a}.{b}.{c}.{d}")
}

/// The address of a text: of the one that `format` would write, and of no other.
pub fn parse(text: &str) -> Result<[u8; 4], Refused> {
    // All parts are counted before any of them is believed: five are as wrong as three.
    let parts: Vec<&str> = text.split('.').collect();
    let &[a, b, c, d] = parts.as_slice() else { return Err(Refused::Parts) };
    Ok([number(a)?, number(b)?, number(c)?, number(d)?])
}

fn number(part: &str) -> Result<u8, Refused> {
    // Not `part.parse()` alone: std takes a sign in front of any number, "+1" is 1 to it. And not
    // `char::is_numeric`, which knows the digits of every script.
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::NotANumber);
    }
    // To inet_aton(3) a leading 0 means octal. A text that two programs read differently is a way
    // past one of them, so it is none. A 0 alone is a number like any other.
    if part.len() > 1 && part.starts_with('0') {
        return Err(Refused::LeadingZero);
    }
    // Only digits are left, so it is the range that fails here, however many digits there are.
    // `as u8` would keep the low eight bits instead: 256 would be 0.
    part.parse().map_err(|_| Refused::TooLarge)
}
