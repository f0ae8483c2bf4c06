//! The numbers of ERROR packets.

/// RFC 1350's appendix, and 8 of RFC 2347.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Code {
    /// See the words.
    NotDefined = 0,
    /// No such file.
    NotFound = 1,
    /// Access violation.
    Denied = 2,
    /// Disk full, or an allowance exceeded.
    Full = 3,
    /// Illegal TFTP operation: a packet that neither delay nor duplication explains.
    Illegal = 4,
    /// Unknown transfer ID: the packet of a stranger.
    UnknownId = 5,
    /// The file exists already.
    Exists = 6,
    /// No such user; of the obsolete mode mail.
    NoUser = 7,
    /// The options were not what had been asked for.
    Options = 8,
}

impl Code {
    /// The number in the packet.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }

    /// What RFC 1350 calls the number, or that it does not.
    #[must_use]
    pub fn name(number: u16) -> &'static str {
        match number {
            0 => "error",
            1 => "file not found",
            2 => "access violation",
            3 => "disk full or allocation exceeded",
            4 => "illegal TFTP operation",
            5 => "unknown transfer ID",
            6 => "file already exists",
            7 => "no such user",
            8 => "option negotiation failed",
            _ => "unknown error",
        }
    }
}
