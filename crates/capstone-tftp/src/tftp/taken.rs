//! What comes out of a datagram.

/// What a datagram adds to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "these bytes come once"]
pub enum Taken<'p> {
    /// None that would be new.
    Nothing,
    /// The next ones.
    Bytes(&'p [u8]),
    /// The last ones. They are acknowledged when [`super::Receiver::stored`] says that the file is whole and
    /// safe; [`super::Receiver::fail`] says that it is not.
    Last(&'p [u8]),
}
