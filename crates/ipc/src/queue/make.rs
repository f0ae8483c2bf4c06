//! How a queue begins: its sizes, and where it lies.

use std::sync::atomic::AtomicU32;
use std::thread;

use syscall::{Context as _, Errno};

use super::Queue;
use super::bytes::{Bytes, UNIT};
use super::ends::Ends;
use crate::error::{Error, Result};
use crate::memory::{Place, Segment};

impl Queue {
    /// Room for `messages` of `size` bytes each, the most that one may have (mq_maxmsg and
    /// mq_msgsize of mq_getattr(3)). Of shorter ones more fit. For this process and its children.
    ///
    /// # Errors
    /// EINVAL for no messages at all, or for more than 8 GiB; ENOMEM.
    pub fn new(messages: usize, size: usize) -> Result<Self> {
        Self::make(Place::Anonymous, messages, size)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// EINVAL, and those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, messages: usize, size: usize) -> Result<Self> {
        Self::make(Place::Named(name), messages, size)
    }

    fn make(place: Place<'_>, messages: usize, size: usize) -> Result<Self> {
        let units = size.div_ceil(UNIT).checked_add(1).and_then(|one| one.checked_mul(messages));
        let units = units.filter(|units| (1..=1 << 30).contains(units));
        let units = units.ok_or(Errno::EINVAL).call("queue")?.next_power_of_two();
        Self::over(Segment::new(place, 0, units * UNIT, Ends::new(size as u64), |segment| {
            // SAFETY: it lies in the segment, which nobody else has seen yet.
            unsafe { segment.head().init() }
        })?)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Self::over(Segment::open(name, 0)?)
    }

    fn over(segment: Segment<Ends>) -> Result<Self> {
        let len = segment.tail_len();
        let limit = usize::try_from(segment.head().limit).ok();
        let limit = limit.filter(|limit| *limit <= len.saturating_sub(UNIT));
        let units = u32::try_from(len / UNIT).ok().filter(|n| n.is_power_of_two());
        let (Some(limit), Some(units)) = (limit, units) else { return Err(Error::OtherLayout) };
        let looks = thread::available_parallelism().is_ok_and(|n| n.get() > 1);
        // SAFETY: the tail begins on a line and has so many units; it lives as long as the
        // segment beside it.
        let bytes = unsafe { Bytes::new(segment.tail(), units) };
        Ok(Self { bytes, segment, limit, looks, kept: AtomicU32::new(0) })
    }
}
