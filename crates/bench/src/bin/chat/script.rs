//! What is said, and what the others must hear of it, byte for byte: every server gets the same.

use std::fmt::Write as _;

/// How long the texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lengths {
    /// All alike: what a server can hand over to the kernel at once.
    Equal,
    /// As people write: some words, then a sentence.
    Mixed,
}

/// The name of a member.
pub(crate) fn name(member: usize) -> String {
    format!("m{member:04}")
}

/// Like dice, and the same in every run (the mixing of SplitMix64, shortened).
fn dice(number: usize) -> usize {
    let mut bits = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    // 32 bits fit into every usize.
    (bits >> 32) as usize
}

/// One run. The number in a text is that of the message since the program has started, so that
/// nothing that comes late is taken for something else.
#[derive(Debug)]
pub(crate) struct Script {
    senders: usize,
    lengths: Lengths,
    first: usize,
    /// What the others hear, message by message.
    notices: Vec<String>,
    request: String,
}

impl Script {
    pub(crate) fn new(senders: usize, lengths: Lengths) -> Self {
        Self { senders, lengths, first: 0, notices: Vec::new(), request: String::new() }
    }

    /// The next message: who says it, and his request.
    pub(crate) fn next(&mut self) -> (usize, &[u8]) {
        let number = self.first + self.notices.len();
        let (sender, filler) = (number % self.senders, self.filler(number));
        let name = name(sender);
        self.request.clear();
        // Into a String, which takes everything.
        let _ = write!(self.request, "C {name} {number:08}{:.<filler$}", "");
        self.notices.push(format!("\n{name} 说:{number:08}{:.<filler$}", ""));
        (sender, self.request.as_bytes())
    }

    fn filler(&self, number: usize) -> usize {
        match self.lengths {
            Lengths::Equal => 40,
            Lengths::Mixed => dice(number) % 72,
        }
    }

    /// Begins a new run.
    pub(crate) fn clear(&mut self) {
        self.first += self.notices.len();
        self.notices.clear();
    }

    /// How many messages there were in this run.
    pub(crate) fn said(&self) -> usize {
        self.notices.len()
    }

    /// How many of them were this member's own.
    pub(crate) fn said_by(&self, member: usize) -> usize {
        // Of the numbers below n, those with this remainder.
        let below = |n: usize| (n + self.senders - 1 - member) / self.senders;
        let is_sender = member < self.senders;
        if is_sender { below(self.first + self.said()) - below(self.first) } else { 0 }
    }

    /// Which message of this run these bytes are, if they are one of `from` on. The first of them
    /// is the usual answer, and then nothing has to be searched.
    pub(crate) fn find(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut rest = self.notices.get(from..)?.iter();
        rest.position(|notice| notice.as_bytes() == bytes).map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_is_what_was_said_and_only_in_order() {
        let mut script = Script::new(2, Lengths::Equal);
        assert_eq!(script.next(), (0, format!("C m0000 00000000{}", ".".repeat(40)).as_bytes()));
        assert_eq!(script.next().0, 1);
        let heard = format!("\nm0001 说:00000001{}", ".".repeat(40));
        assert_eq!(script.find(heard.as_bytes(), 0), Some(1));
        assert_eq!(script.find(heard.as_bytes(), 2), None);
        assert_eq!((script.said(), script.said_by(0), script.said_by(5)), (2, 1, 0));
        script.next();
        assert_eq!((script.said_by(0), script.said_by(1)), (2, 1));
        script.clear();
        assert_eq!(script.next().0, 1);
        assert_eq!(script.find(heard.as_bytes(), 0), None);
    }

    #[test]
    fn mixed_lengths_rise_about_as_often_as_they_fall() {
        let mut script = Script::new(1, Lengths::Mixed);
        let lengths: Vec<usize> = (0..1_000).map(|_| script.next().1.len()).collect();
        let rises = lengths.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((450..550).contains(&rises), "{rises}");
    }
}
