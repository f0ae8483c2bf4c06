//! Packets that can go out by one system call.

/// Packets that follow each other without a gap; all but the last are `each` bytes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch<'a> {
    /// All of them.
    pub bytes: &'a [u8],
    /// The length of each but the last, which may be shorter: the UDP_SEGMENT of a sendmsg.
    pub each: usize,
}

impl<'a> Batch<'a> {
    /// The packets one by one.
    pub fn packets(self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.bytes.chunks(self.each)
    }

    /// The first packets only: a call takes 64 of them, and 65,507 bytes.
    #[must_use]
    pub fn first(self, packets: usize) -> Batch<'a> {
        let end = packets.saturating_mul(self.each).min(self.bytes.len());
        Batch { bytes: &self.bytes[..end], each: self.each }
    }
}
