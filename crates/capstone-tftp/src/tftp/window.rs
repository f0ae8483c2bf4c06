//! The blocks that are under way, and those that come next: packets of one length in a ring, one
//! behind the other, so that a window goes out by one sendmsg with UDP_SEGMENT (udp(7)), and the file
//! is read right into them.
//!
//! ```text
//! │head│payload ……│head│payload ……│head│payload ……│head│payload …│    step = header + blksize
//!  0         sent ──┴ to be sent ────┴ of the next window           slots, of which slot 0 is block `first`
//! ```

use std::fmt::{Debug, Formatter};

use super::Batch;
use super::options::Agreed;
use super::packet::{DATA, HEADER};

/// What is kept ahead of a window: as much again, but so many bytes at least, for a read costs as much
/// as copying a few KiB, and at most, to be still in the processor's cache when it goes out.
const AHEAD: (usize, usize) = (64 << 10, 256 << 10);

pub(super) struct Window {
    bytes: Vec<u8>,
    blksize: usize,
    /// Slots that may be under way: the windowsize. The ring has more when the peer is there.
    room: usize,
    /// Where in the ring slot 0 lies.
    base: usize,
    /// The block in slot 0. As many as a file has; 16 bits of it go over the wire.
    first: u64,
    /// Bytes of the file, from slot 0 on.
    filled: usize,
    /// Slots that have their header.
    titled: usize,
    /// The file has no more.
    ended: bool,
    /// Slots that have gone out since the window began, or began again.
    sent: usize,
    /// Slots that have ever gone out: a peer may acknowledge these.
    reach: usize,
    /// The last block has been acknowledged.
    done: bool,
}

impl Debug for Window {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        let mut to = to.debug_struct("Window");
        to.field("first", &self.first).field("filled", &self.filled).field("sent", &self.sent);
        to.finish_non_exhaustive()
    }
}

impl Window {
    pub(super) fn new(agreed: &Agreed) -> Window {
        let (blksize, room) = (usize::from(agreed.blksize), usize::from(agreed.windowsize));
        Window {
            bytes: vec![0; room * (HEADER + blksize)],
            blksize,
            room,
            base: 0,
            first: 1,
            filled: 0,
            titled: 0,
            ended: false,
            sent: 0,
            reach: 0,
            done: false,
        }
    }

    /// The peer has answered, so it is worth having the next window here while one is under way.
    pub(super) fn look_ahead(&mut self) {
        // Once; until then slot 0 lies at the beginning, and more can be put behind the last.
        if self.slots() == self.room {
            let (least, most) = AHEAD;
            let ahead = (self.bytes.len().clamp(least, most) / self.step()).max(1);
            // Whole windows, so that none of them is cut by the ring's end.
            let ahead = if ahead > self.room { ahead - ahead % self.room } else { ahead };
            self.bytes.resize((self.room + ahead) * self.step(), 0);
        }
    }

    fn step(&self) -> usize {
        HEADER + self.blksize
    }

    fn slots(&self) -> usize {
        self.bytes.len() / self.step()
    }

    /// Where in the ring a slot lies.
    fn place(&self, slot: usize) -> usize {
        (self.base + slot) % self.slots()
    }

    /// Slots whose packet is whole. The last block of a file is the one that is shorter than the
    /// others, be it empty (RFC 1350 section 6).
    fn whole(&self) -> usize {
        (self.filled / self.blksize + usize::from(self.ended)).min(self.slots())
    }

    /// Those of them that may be under way.
    fn complete(&self) -> usize {
        self.whole().min(self.room)
    }

    /// More packets could go out at once if they were here.
    pub(super) fn is_hungry(&self) -> bool {
        !self.ended && self.whole() < self.room
    }

    /// Room for the file's next bytes, payload by payload; none while the next window is here.
    pub(super) fn blanks(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let (step, slots) = (self.step(), self.slots());
        let (slot, used) = (self.filled / self.blksize, self.filled % self.blksize);
        let wanted = !self.ended && slot < self.sent + self.room;
        let (front, back) = self.bytes.split_at_mut(self.base * step);
        let ring = back.chunks_exact_mut(step).chain(front.chunks_exact_mut(step));
        let free = ring.skip(slot).take(if wanted { slots - slot } else { 0 });
        free.enumerate().map(move |(at, slot)| &mut slot[HEADER + if at == 0 { used } else { 0 }..])
    }

    pub(super) fn fill(&mut self, bytes: usize) {
        self.filled = (self.filled + bytes).min(self.slots() * self.blksize);
        self.title();
    }

    pub(super) fn finish(&mut self) {
        self.ended = true;
        self.title();
    }

    /// Writes the headers of the slots that are whole now.
    fn title(&mut self) {
        for slot in self.titled..self.whole() {
            // The low 16 bits: after block 65,535 comes block 0.
            let [.., high, low] = (self.first + slot as u64).to_be_bytes();
            let [_, opcode] = DATA.to_be_bytes();
            let start = self.place(slot) * self.step();
            self.bytes[start..start + HEADER].copy_from_slice(&[0, opcode, high, low]);
        }
        self.titled = self.whole();
    }

    /// What is to be sent now: up to the ring's end, behind which the rest follows.
    pub(super) fn unsent(&self) -> Option<Batch<'_>> {
        let place = self.place(self.sent);
        let end = self.complete().min(self.sent + self.slots() - place);
        let packets = end.checked_sub(self.sent).filter(|&packets| packets > 0)?;
        // What the file's last block does not fill.
        let unused = (end * self.blksize).saturating_sub(self.filled);
        let (start, length) = (place * self.step(), packets * self.step() - unused);
        Some(Batch { bytes: &self.bytes[start..start + length], each: self.step() })
    }

    /// True when none of these had been sent before.
    pub(super) fn mark_sent(&mut self, packets: usize) -> bool {
        let fresh = self.sent >= self.reach;
        self.sent = (self.sent + packets).min(self.complete());
        self.reach = self.reach.max(self.sent);
        fresh
    }

    /// All of it once more.
    pub(super) fn again(&mut self) {
        self.sent = 0;
    }

    /// Everything up to `block` has arrived. False when that is nothing new, or nothing that was sent.
    pub(super) fn acknowledged(&mut self, block: u16) -> bool {
        let [.., high, low] = (self.first - 1).to_be_bytes();
        let slots = usize::from(block.wrapping_sub(u16::from_be_bytes([high, low])));
        if slots == 0 || slots > self.reach {
            return false;
        }
        self.done = self.ended && slots > self.filled / self.blksize;
        self.filled = self.filled.saturating_sub(slots * self.blksize);
        self.base = self.place(slots);
        self.first += slots as u64;
        self.titled -= slots;
        self.reach -= slots;
        // RFC 7440 section 4: the next window begins behind the acknowledged block.
        self.sent = 0;
        // A file that ended with a full ring: its last block, which is empty, has room now.
        self.title();
        true
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }
}
