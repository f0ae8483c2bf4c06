//! What the room has counted: nothing is dropped in silence.

use std::fmt;

use crate::wire::Malformed;

/// Why a datagram has had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is no request.
    Malformed(Malformed),
    /// It, or the notice that it would become, is longer than members can receive.
    TooLong,
    /// `C` or `Q` from an address that nobody has logged in from.
    Stranger,
    /// `C` or `Q` under a name that belongs to another address, or to the administrator.
    NotYours,
}

impl Reason {
    /// All of them, and what they are called in statistics.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Malformed(Malformed::NotUtf8), "not_utf8"),
        (Self::Malformed(Malformed::NoSuchRequest), "no_such_request"),
        (Self::Malformed(Malformed::NoName), "no_name"),
        (Self::TooLong, "too_long"),
        (Self::Stranger, "stranger"),
        (Self::NotYours, "not_yours"),
    ];

    fn index(self) -> usize {
        Self::ALL.iter().position(|&(reason, _)| reason == self).unwrap_or(0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL[self.index()].1)
    }
}

/// What a datagram has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its sender is a member now.
    Joined,
    /// Its sender is a member already, by this name.
    Again,
    /// Its sender was told that he cannot be called so.
    Refused,
    /// Its text goes to the others.
    Said,
    /// Its sender is no member any more.
    Left,
    /// Nothing.
    Dropped(Reason),
}

impl fmt::Display for Event {
    /// `joined`; `dropped reason=stranger`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Joined => "joined",
            Self::Again => "again",
            Self::Refused => "refused",
            Self::Said => "said",
            Self::Left => "left",
            Self::Dropped(reason) => return write!(f, "dropped reason={reason}"),
        })
    }
}

/// How often what has happened. Every datagram is in one of these, so that their sum is what has
/// been received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Logins that were accepted.
    pub joined: u64,
    /// Logins from members under their own name: the answer had been lost.
    pub again: u64,
    /// Logins that were refused.
    pub refused: u64,
    /// Texts that were relayed.
    pub said: u64,
    /// Members that have quit.
    pub left: u64,
    dropped: [u64; Reason::ALL.len()],
    /// Members that were evicted; no datagram caused this.
    pub evicted: u64,
    /// Lines of the administrator; no member's datagram caused this.
    pub announced: u64,
}

impl Counters {
    /// How often a datagram was dropped for this reason.
    pub fn dropped(&self, reason: Reason) -> u64 {
        self.dropped[reason.index()]
    }

    pub(crate) fn drop_for(&mut self, reason: Reason) {
        self.dropped[reason.index()] += 1;
    }

    /// All datagrams that have come.
    pub fn received(&self) -> u64 {
        let dropped: u64 = self.dropped.iter().sum();
        self.joined + self.again + self.refused + self.said + self.left + dropped
    }
}

impl fmt::Display for Counters {
    /// `received=7 joined=2 again=0 …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { joined, again, refused, said, left, evicted, announced, .. } = self;
        write!(f, "received={} joined={joined} again={again} refused={refused}", self.received())?;
        write!(f, " said={said} left={left} evicted={evicted} announced={announced}")?;
        Reason::ALL
            .iter()
            .try_for_each(|&(reason, name)| write!(f, " {name}={}", self.dropped(reason)))
    }
}
