//! Which block is next, and which old or early one deserves an answer.
//!
//! What is acknowledged is always the last block in order: when a window is complete, when a gap is
//! seen (once for each gap), and when the time is over (RFC 7440 section 4). Blocks behind a gap are
//! thrown away, the sender repeats them.
//!
//! An old block is the repetition of a sender that missed an ACK. If nothing newer has come since
//! that ACK, it is said again, and only when its own block comes: with a windowsize of 1 that is RFC
//! 1350, and with more it costs one ACK for each repeated window. An ACK with any other number would
//! move a window that is under way already, and two windows that overlap acknowledge each other's
//! blocks for ever, the Sorcerer's Apprentice in RFC 7440's dress.

/// Blocks are counted as many as a file has; 16 bits of the count go over the wire.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The last block that came in order; 0 is the opening.
    last: u64,
    /// The last one that was acknowledged.
    acknowledged: u64,
    /// The block behind `last` is missing, and that has been said.
    gap: bool,
}

/// Where a block belongs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the next one, and has been counted.
    Next,
    /// Nowhere, but its sender has to hear where we are.
    Tell,
    Nowhere,
}

impl Order {
    pub(super) fn place(&mut self, block: u16, windowsize: u16) -> Place {
        let ahead = block.wrapping_sub(self.number()).wrapping_sub(1);
        if ahead == 0 {
            self.last += 1;
            self.gap = false;
            return Place::Next;
        }
        if ahead < windowsize {
            let known = std::mem::replace(&mut self.gap, true);
            return if known { Place::Nowhere } else { Place::Tell };
        }
        let repeated = self.is_repeated(block) && self.acknowledged == self.last;
        if repeated { Place::Tell } else { Place::Nowhere }
    }

    /// The block that came last, once more.
    pub(super) fn is_repeated(&self, block: u16) -> bool {
        self.has_begun() && block == self.number()
    }

    pub(super) fn has_begun(&self) -> bool {
        self.last > 0
    }

    /// The window is complete.
    pub(super) fn is_due(&self, windowsize: u16) -> bool {
        self.last - self.acknowledged >= windowsize.into()
    }

    /// The number to acknowledge, which counts as acknowledged from now on.
    pub(super) fn acknowledge(&mut self) -> u16 {
        self.acknowledged = self.last;
        self.number()
    }

    /// As packets have it: after 65,535 comes 0.
    fn number(&self) -> u16 {
        let [.., high, low] = self.last.to_be_bytes();
        u16::from_be_bytes([high, low])
    }
}
