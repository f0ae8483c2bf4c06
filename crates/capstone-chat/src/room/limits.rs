//! What a peer controls has a limit.

use std::time::Duration;

use crate::wire::LONGEST;

/// Limits on what others can make of the room.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest notice, in bytes. A longer one is not cut but dropped: half a message is a lie.
    pub longest: usize,
    /// How many members there may be.
    pub members: usize,
    /// Who is silent for so long is taken for gone; `None`: nobody is.
    pub idle: Option<Duration>,
}

impl Default for Limits {
    /// What clients of the course can receive; ten thousand members, who may be silent for ever.
    fn default() -> Self {
        Self { longest: LONGEST, members: 10_000, idle: None }
    }
}
