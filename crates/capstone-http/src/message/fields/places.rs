//! All fields of a head, as places in the bytes that were read.
//!
//! Two slices for each field are 32 bytes, two kilobytes for 64 of them, which would be set to zero
//! and moved about for every request. Where a line begins says the same in two: its name ends at the
//! first colon, its value in front of the next line. Nothing is allocated, and who asks for a field
//! compares its name directly with the line.

use std::fmt;

use super::field::Field;
use super::lookup::bit;
use crate::message::{Refusal, Status};

/// The most that there is room for.
const MOST: usize = 64;

/// The fields of a head, in the order of their lines.
#[derive(Clone)]
pub struct Fields<'a> {
    /// The head up to the end of the last of these lines.
    bytes: &'a [u8],
    /// Where each line begins; a head has at most 65,535 bytes.
    starts: [u16; MOST],
    count: u8,
    /// A bit for each name, by its length and first letter. Most questions are for fields that are not
    /// there, and most of those are answered by this.
    pub(super) letters: u64,
}

impl<'a> Fields<'a> {
    #[inline]
    pub(in crate::message) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: &bytes[..bytes.len().min(usize::from(u16::MAX))],
            starts: [0; MOST],
            count: 0,
            letters: 0,
        }
    }

    /// Adds the line at `start`, whose name has so many bytes.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "`new` has cut the head")]
    pub(in crate::message) fn push(
        &mut self,
        start: usize,
        name: usize,
        most: usize,
    ) -> Result<(), Refusal> {
        let count = usize::from(self.count);
        if count >= most.min(MOST) {
            return Err(Refusal::new(Status::FieldsTooLarge, "there are too many fields"));
        }
        self.starts[count] = start as u16;
        self.count += 1;
        self.letters |= bit(&self.bytes[start..start + name]);
        Ok(())
    }

    /// Says where the last line ends.
    #[inline]
    pub(in crate::message) fn end(&mut self, end: usize) {
        self.bytes = &self.bytes[..end];
    }

    #[inline]
    pub(super) fn line(&self, at: usize) -> &'a [u8] {
        let end = match self.starts[..self.len()].get(at + 1) {
            Some(&next) => usize::from(next),
            None => self.bytes.len(),
        };
        &self.bytes[usize::from(self.starts[at])..end]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        (0..self.len()).map(|at| Field::of(self.line(at)))
    }

    /// How many lines.
    #[inline]
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl PartialEq for Fields<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Fields<'_> {}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
