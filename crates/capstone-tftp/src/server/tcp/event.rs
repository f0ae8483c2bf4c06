//! What a server tells about its sessions.

use std::net::SocketAddr;

use crate::wire::Code;

/// Something that was done for a client, or not.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// For whom.
    pub peer: SocketAddr,
    /// What it asked for.
    pub what: What,
    /// The name as the client has said it: not to be shown as it is.
    pub name: &'a [u8],
    /// What became of it.
    pub outcome: Outcome<'a>,
}

/// What a client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// `L`
    List,
    /// `G`
    Get,
    /// `P`
    Put,
    /// Something that is no frame of the protocol.
    Nonsense,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It was done, with so many bytes of content.
    Done(u64),
    /// It was refused, in these words.
    Refused(Code, &'a str),
    /// The connection has ended in the middle.
    Broken,
}
