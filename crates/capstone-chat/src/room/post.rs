//! What waits to be sent.
//!
//! A notice to a thousand members is stored once. Notices lie one behind the other in one buffer,
//! so that several of them in a row are one slice: a [`Delivery`] is as much as one member can get
//! by one system call (`UDP_SEGMENT` of udp(7): the kernel cuts it into messages of one size).

use std::net::SocketAddr;
use std::ops::Range;

use super::members::{Id, Member, Members};
use crate::wire::Message;

/// The kernel cuts one buffer into this many datagrams at most (UDP_MAX_SEGMENTS, 128 since
/// Linux 6.9) …
const SEGMENTS: usize = 64;
/// … and takes no more than one datagram could carry.
const ROOM: usize = 60_000;

/// Messages of one size for one receiver, one behind the other; the last may be shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// To whom.
    pub to: SocketAddr,
    /// The messages.
    pub bytes: &'a [u8],
    /// How long each of them is, in bytes; at least 1.
    pub size: usize,
}

impl<'a> Delivery<'a> {
    /// Message by message: each is a datagram.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &'a [u8]> + use<'a> {
        self.bytes.chunks(self.size)
    }
}

#[derive(Debug)]
struct Notice {
    /// Where it lies in `notices_bytes`.
    at: Range<usize>,
    /// It is not sent to the one who has caused it.
    by: Option<Id>,
}

/// Answers and notices in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Post {
    notices: Vec<Notice>,
    bytes: Vec<u8>,
    /// How many notices there were before these.
    before: u64,
    answers: Vec<Answer>,
    answer_bytes: Vec<u8>,
}

#[derive(Debug)]
struct Answer {
    to: SocketAddr,
    at: Range<usize>,
    /// A member gets the notices first that were posted before the answer: these.
    first: Option<(Id, Range<u64>)>,
}

impl Post {
    pub(crate) fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.answers.is_empty()
    }

    /// The number of the next notice.
    pub(crate) fn next(&self) -> u64 {
        self.before + self.notices.len() as u64
    }

    /// To somebody who is no member.
    pub(crate) fn answer(&mut self, to: SocketAddr, message: Message<'_>) {
        self.push_answer(to, message, None);
    }

    /// To a member.
    pub(crate) fn answer_member(&mut self, member: &mut Member, message: Message<'_>) {
        let first = member.since.max(self.before)..self.next();
        member.since = first.end;
        self.push_answer(member.address, message, Some((member.id, first)));
    }

    fn push_answer(
        &mut self,
        to: SocketAddr,
        message: Message<'_>,
        first: Option<(Id, Range<u64>)>,
    ) {
        let start = self.answer_bytes.len();
        message.push_to(&mut self.answer_bytes);
        self.answers.push(Answer { to, at: start..self.answer_bytes.len(), first });
    }

    /// For everybody but the one who has caused it. False, and not posted, when it is too long.
    #[must_use]
    pub(crate) fn notice(&mut self, message: Message<'_>, by: Option<Id>, longest: usize) -> bool {
        let start = self.bytes.len();
        message.push_to(&mut self.bytes);
        let at = start..self.bytes.len();
        if at.len() > longest {
            self.bytes.truncate(start);
            return false;
        }
        self.notices.push(Notice { at, by });
        true
    }

    /// Hands everything out. Answers come before notices, so that a newcomer has his OK before
    /// anybody hears of him; but no answer overtakes what its receiver had to hear before. Notices
    /// come in rows of one size, each row to all members in turn.
    pub(crate) fn deliver<'a>(&'a self, members: &'a Members, mut each: impl FnMut(Delivery<'a>)) {
        for Answer { to, at, first } in &self.answers {
            if let Some((id, first)) = first {
                for row in self.rows(self.index(first.start)..self.index(first.end)) {
                    let size = self.notices[row.start].at.len();
                    self.row_for(*id, *to, row, size, &mut each);
                }
            }
            let bytes = &self.answer_bytes[at.clone()];
            each(Delivery { to: *to, bytes, size: bytes.len() });
        }
        for row in self.rows(0..self.notices.len()) {
            let size = self.notices[row.start].at.len();
            for member in members.iter() {
                let start = row.start.max(self.index(member.since)).min(row.end);
                self.row_for(member.id, member.address, start..row.end, size, &mut each);
            }
        }
    }

    /// Forgets what was delivered. The buffers stay, for the next time.
    pub(crate) fn clear(&mut self) {
        self.before = self.next();
        self.notices.clear();
        self.bytes.clear();
        self.answers.clear();
        self.answer_bytes.clear();
    }

    /// Cuts notices into rows of one size; a shorter one can only end a row.
    fn rows(&self, mut all: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        std::iter::from_fn(move || {
            let notices = &self.notices[all.clone()];
            let (first, mut length) = (notices.first()?.at.len(), 0);
            let mut count = 0;
            for notice in notices.iter().take(SEGMENTS) {
                length += notice.at.len();
                if count > 0 && (notice.at.len() > first || length > ROOM) {
                    break;
                }
                count += 1;
                if notice.at.len() < first {
                    break;
                }
            }
            let row = all.start..all.start + count;
            all.start = row.end;
            Some(row)
        })
    }

    /// Where the notice of this number lies among those that wait.
    fn index(&self, number: u64) -> usize {
        usize::try_from(number.saturating_sub(self.before)).unwrap_or(usize::MAX)
    }

    /// What of a row is for one member: all of it, or the pieces between what he has said himself.
    fn row_for<'a>(
        &'a self,
        id: Id,
        to: SocketAddr,
        row: Range<usize>,
        size: usize,
        each: &mut impl FnMut(Delivery<'a>),
    ) {
        for piece in self.notices[row].split(|notice| notice.by == Some(id)) {
            if let (Some(first), Some(last)) = (piece.first(), piece.last()) {
                let bytes = &self.bytes[first.at.start..last.at.end];
                each(Delivery { to, bytes, size });
            }
        }
    }
}
