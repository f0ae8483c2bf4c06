//! How a transfer ends.

use std::fmt::{Display, Formatter};

use super::packet::Code;

/// One side's view of the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All bytes are there, and the peer knows or will be told.
    Done,
    /// The peer sent an ERROR.
    Refused {
        /// The packet's number; [`Code::name`] knows some.
        code: u16,
        /// As the peer said it; not yet fit for a terminal, which [`End`]'s own Display is.
        words: String,
    },
    /// We sent an ERROR: because of what the peer did, or because [`super::Sender::fail`] was called.
    Failed {
        /// Of the ERROR.
        code: Code,
        /// Of the ERROR.
        words: String,
    },
    /// The peer was silent, however often it was asked.
    GivenUp,
}

impl Display for End {
    /// A sentence's part, on one line whatever a peer sent.
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Done => to.write_str("done"),
            End::Refused { code, words } if words.is_empty() => to.write_str(Code::name(*code)),
            End::Refused { words, .. } => words.chars().try_for_each(|one| {
                if one.is_control() {
                    write!(to, "{}", one.escape_default())
                } else {
                    write!(to, "{one}")
                }
            }),
            End::Failed { words, .. } => to.write_str(words),
            End::GivenUp => to.write_str("the peer does not answer"),
        }
    }
}
