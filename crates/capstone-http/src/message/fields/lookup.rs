//! Questions for a field by its name. Names are the same in upper and lower case (RFC 9110, 5.1).

use super::field::value_of;
use super::{Fields, list};
use crate::message::Refusal;

impl<'a> Fields<'a> {
    /// The values of all lines with this name.
    #[inline]
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let (at, value) = self.find(name, from)?;
            from = at + 1;
            Some(value)
        })
    }

    /// The first line with this name at `from` or behind it, and its value.
    #[inline]
    fn find(&self, name: &str, from: usize) -> Option<(usize, &'a [u8])> {
        if self.letters & bit(name.as_bytes()) == 0 {
            return None;
        }
        for at in from..self.len() {
            if let Some((own, [b':', rest @ ..])) = self.line(at).split_at_checked(name.len())
                && own.eq_ignore_ascii_case(name.as_bytes())
            {
                return Some((at, value_of(rest)));
            }
        }
        None
    }

    /// The value of the first line with this name.
    #[inline]
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.find(name, 0).map(|(_, value)| value)
    }

    /// The value of the one line with this name.
    ///
    /// # Errors
    ///
    /// 400 when there are several lines, even when they say the same: whoever stands between us and
    /// the client may have taken the other one.
    #[inline]
    pub fn at_most_one(&self, name: &str) -> Result<Option<&'a [u8]>, Refusal> {
        let Some((at, value)) = self.find(name, 0) else { return Ok(None) };
        match self.find(name, at + 1) {
            None => Ok(Some(value)),
            Some(_) => Err(Refusal::bad("a field that may be there once is there twice")),
        }
    }

    /// The members of a list, over all lines with this name (RFC 9110, 5.3 and 5.6.1).
    #[inline]
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.all(name).flat_map(list::members)
    }
}

/// A bit for the length and the first letter of a name.
#[inline]
pub(super) const fn bit(name: &[u8]) -> u64 {
    let letter = match name {
        [first, ..] => first.to_ascii_lowercase(),
        [] => 0,
    };
    1 << ((name.len() + 7 * letter as usize) % 64)
}
