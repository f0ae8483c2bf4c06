//! The server's side: which of the options it acknowledges, and how.

use std::time::Duration;

use super::super::packet::{HEADER, Pairs, oack};
use super::{Agreed, BLKSIZE, LARGEST, SMALLEST, TIMEOUT, TSIZE, WIDEST, WINDOWSIZE, number, put};

/// The most that a server agrees to.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a block.
    pub blksize: u16,
    /// Blocks of a window.
    pub windowsize: u16,
    /// Bytes of a window: what one transfer may keep in memory. One block always fits.
    pub memory: usize,
    /// Seconds; a longer one is not acknowledged.
    pub timeout: u8,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { blksize: LARGEST, windowsize: 256, memory: 4 << 20, timeout: 255 }
    }
}

/// A server's answer to the options of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What is in force when the client has confirmed it.
    pub agreed: Agreed,
    /// The OACK; `None`: nothing is acknowledged, and the transfer opens as RFC 1350 has it.
    pub oack: Option<Vec<u8>>,
}

/// RRQ: the size is the file's, or `None` where nobody knows it beforehand (netascii).
#[must_use]
pub fn for_reading(asked: Pairs<'_>, limits: &Limits, size: Option<u64>) -> Accepted {
    accept(asked, limits, |_| size)
}

/// WRQ: the size is the client's announcement, which is echoed. What does not fit is refused before
/// that, by ERROR 3.
#[must_use]
pub fn for_writing(asked: Pairs<'_>, limits: &Limits) -> Accepted {
    accept(asked, limits, Some)
}

fn accept(asked: Pairs<'_>, limits: &Limits, size: impl Fn(u64) -> Option<u64>) -> Accepted {
    // RFC 2347: names in any case and any order; unknown ones are ignored. An option counts once:
    // where it stands twice, the first does.
    let value = |name: &str| {
        let mut named = asked.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name.as_bytes()));
        named.next().and_then(|(_, value)| number(value))
    };
    let mut agreed = Agreed::default();
    let mut pairs = Vec::new();
    // RFC 2348: the answer is at most what was asked for.
    let most = limits.blksize.clamp(SMALLEST, LARGEST);
    if let Some(blksize) = value(BLKSIZE).filter(|&asked| asked >= SMALLEST.into()) {
        agreed.blksize = u16::try_from(blksize).map_or(most, |asked| asked.min(most));
        put(&mut pairs, BLKSIZE, agreed.blksize.into());
    }
    // RFC 2349: the same number, or no answer.
    if let Some(timeout) =
        value(TIMEOUT).filter(|asked| (1..=limits.timeout.into()).contains(asked))
    {
        agreed.timeout = Some(Duration::from_secs(timeout));
        put(&mut pairs, TIMEOUT, timeout);
    }
    if let Some(tsize) = value(TSIZE).and_then(size) {
        agreed.tsize = Some(tsize);
        put(&mut pairs, TSIZE, tsize);
    }
    // RFC 7440: the answer is at most what was asked for.
    let fit = limits.memory / (HEADER + usize::from(agreed.blksize));
    let most = u16::try_from(fit).unwrap_or(WIDEST).min(limits.windowsize).clamp(1, WIDEST);
    if let Some(windowsize) = value(WINDOWSIZE).filter(|asked| (1..=65_535).contains(asked)) {
        agreed.windowsize = u16::try_from(windowsize).map_or(most, |asked| asked.min(most));
        put(&mut pairs, WINDOWSIZE, agreed.windowsize.into());
    }
    Accepted { agreed, oack: (!pairs.is_empty()).then(|| oack(&pairs)) }
}
