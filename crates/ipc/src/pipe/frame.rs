//! What stands in front of each message: how many bytes follow, and how many descriptors come
//! with them; two u32 in network order.

/// Bytes in front of a message.
pub(super) const HEADER: usize = 8;

/// What a header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) bytes: u32,
    pub(super) fds: u32,
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER] {
        (u64::from(self.bytes) << 32 | u64::from(self.fds)).to_be_bytes()
    }

    #[allow(clippy::cast_possible_truncation, reason = "the two halves of a u64")]
    pub(super) fn of(bytes: [u8; HEADER]) -> Self {
        let both = u64::from_be_bytes(bytes);
        Self { bytes: (both >> 32) as u32, fds: both as u32 }
    }
}
