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
    todo!()
}

/// The address of a text: of the one that `format` would write, and of no other.
pub fn parse(text: &str) -> Result<[u8; 4], Refused> {
    todo!()
}
