//! The client's side: what it asks for, and what it makes of the answer.

use std::time::Duration;

use super::super::packet::Pairs;
use super::{Agreed, BLKSIZE, LARGEST, SMALLEST, TIMEOUT, TSIZE, WIDEST, WINDOWSIZE, number, put};

/// What a client asks for; nothing by default, which every server of RFC 1350 understands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ask {
    /// 8 to 65,464 bytes; others are brought into that range.
    pub blksize: Option<u16>,
    /// 1 to 32,767 blocks; likewise.
    pub windowsize: Option<u16>,
    /// 1 to 255 seconds; likewise.
    pub timeout: Option<u8>,
    /// For reading `Some(0)`, which asks for the file's size; for writing the size that will come.
    pub tsize: Option<u64>,
}

impl Ask {
    /// Within the ranges that a packet may have.
    pub(in super::super) fn within(self) -> Ask {
        Ask {
            blksize: self.blksize.map(|asked| asked.clamp(SMALLEST, LARGEST)),
            windowsize: self.windowsize.map(|asked| asked.clamp(1, WIDEST)),
            timeout: self.timeout.map(|asked| asked.max(1)),
            tsize: self.tsize,
        }
    }

    /// As they stand at a request's end.
    #[must_use]
    pub fn pairs(&self) -> Vec<u8> {
        let asked = self.within();
        let mut pairs = Vec::new();
        let values = [
            (BLKSIZE, asked.blksize.map(u64::from)),
            (TIMEOUT, asked.timeout.map(u64::from)),
            (TSIZE, asked.tsize),
            (WINDOWSIZE, asked.windowsize.map(u64::from)),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                put(&mut pairs, name, value);
            }
        }
        pairs
    }

    /// What an OACK makes of it. Options that it does not name are not in force.
    ///
    /// # Errors
    /// The words of the ERROR 8 that RFC 2347 asks for: the answer names something that was not asked
    /// for, or names it twice, or has a value that the option's RFC does not allow as an answer.
    pub fn judge(&self, oack: Pairs<'_>) -> Result<Agreed, &'static str> {
        let asked = self.within();
        let mut agreed = Agreed::default();
        let mut seen = [false; 4];
        for (name, value) in oack.iter() {
            let names = [BLKSIZE, TIMEOUT, TSIZE, WINDOWSIZE];
            let known = names.iter().position(|one| name.eq_ignore_ascii_case(one.as_bytes()));
            let at = known.ok_or("an option that was not asked for")?;
            if std::mem::replace(&mut seen[at], true) {
                return Err("an option twice");
            }
            let value = number(value).ok_or("an option whose value is no number")?;
            match at {
                0 => agreed.blksize = smaller(value, SMALLEST, asked.blksize)?,
                1 => {
                    let timeout = asked.timeout.ok_or("a timeout that was not asked for")?;
                    if value != timeout.into() {
                        return Err("another timeout than asked for");
                    }
                    agreed.timeout = Some(Duration::from_secs(value));
                }
                2 => {
                    asked.tsize.ok_or("a tsize that was not asked for")?;
                    agreed.tsize = Some(value);
                }
                _ => agreed.windowsize = smaller(value, 1, asked.windowsize)?,
            }
        }
        Ok(agreed)
    }
}

/// An answer that may be less than what was asked for, but not more.
fn smaller(value: u64, least: u16, asked: Option<u16>) -> Result<u16, &'static str> {
    let asked = asked.ok_or("an option that was not asked for")?;
    u16::try_from(value)
        .ok()
        .filter(|value| (least..=asked).contains(value))
        .ok_or("a value outside what was asked for")
}
