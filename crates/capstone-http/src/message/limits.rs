//! What a client may make us keep. It decides how much it sends, we decide how much of it we hold.

/// Limits of one request's head and of the packing of its body. Bytes of content are counted by
/// whoever keeps them: [`Framing::Length`](super::Framing::Length) says them beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The request line without its end, in bytes; a longer one is 414. RFC 9112, 3, asks for 8000.
    pub line: usize,
    /// The whole head, with its last empty line, in bytes; a longer one is 431. At most 65,535,
    /// which is what [`Fields`](super::Fields) can count to.
    pub head: usize,
    /// Fields in a head, and in a trailer; more are 431. At most 64, the places in `Fields`.
    pub fields: usize,
    /// One line in front of a chunk with its extensions, in bytes; a longer one is 400.
    pub chunk_line: usize,
    /// The trailer fields behind the last chunk together, in bytes; more are 431.
    pub trailer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line: 8000, head: 16 << 10, fields: 64, chunk_line: 256, trailer: 4 << 10 }
    }
}
