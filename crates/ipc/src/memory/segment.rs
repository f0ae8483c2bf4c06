//! One object in memory that several processes have, and the bytes that belong to it:
//!
//! ```text
//! 0        128                 multiple of 128       end
//! | Label | H, the object ... | tail: values, bytes ... |
//! ```
//!
//! The label says what lies there, so that whoever opens a name for something else is told. Sizes
//! are taken from it once and checked against the file's; what other processes write later cannot
//! move a boundary.

use std::marker::PhantomData;
use std::mem::offset_of;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use syscall::{Context as _, Errno};

use super::mapping::Mapping;
use super::name::Name;
use super::named::{self, MAGIC, Tie};
use crate::error::{Error, Result};

/// Two lines of a cache: what lies 128 bytes apart is never fetched as a pair.
const LINE: usize = 128;

#[repr(C)]
struct Label {
    magic: u64,
    /// What lies behind it: [`fingerprint`].
    content: u64,
    tail: u64,
}

/// Where a new segment lies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// In memory that children inherit and nobody else can get at.
    Anonymous,
    /// Under a name that any process of the same user can open.
    Named(&'a str),
}

/// An object that starts a segment.
///
/// # Safety
/// It can be used by several processes at once that have it at different addresses: it consists
/// of atomics and of what the kernel or the C library shares between processes. Any pattern of
/// bytes leads to wrong answers at worst, never to undefined behaviour. Its alignment is at most
/// that of a [`LINE`].
pub(crate) unsafe trait Head: Sync {
    /// Its name and version. Change it with the layout.
    const NAME: &'static str;
}

/// Owned: dropping it unmaps the memory, and removes the name if this process has created it.
#[derive(Debug)]
pub(crate) struct Segment<H> {
    mapping: Mapping,
    tail: usize,
    tie: Option<Tie>,
    head: PhantomData<H>,
}

impl<H: Head> Segment<H> {
    const TAIL: usize = (LINE + size_of::<H>()).next_multiple_of(LINE);
    const FITS: () = assert!(align_of::<H>() <= LINE && size_of::<Label>() <= LINE);

    /// `then` sees the object and its tail, all zeros, before any other process does.
    pub(crate) fn new(
        place: Place<'_>,
        item: u64,
        tail: usize,
        head: H,
        then: impl FnOnce(&Self) -> Result<()>,
    ) -> Result<Self> {
        let () = Self::FITS;
        let len = Self::TAIL.checked_add(tail).and_then(NonZeroUsize::new);
        let len = len.filter(|len| isize::try_from(len.get()).is_ok());
        let len = len.ok_or(Errno::ENOMEM).call("mmap")?;
        let fill = |mapping: Mapping| {
            let segment = Self { mapping, tail, tie: None, head: PhantomData };
            let label =
                Label { magic: MAGIC, content: fingerprint(H::NAME, item), tail: tail as u64 };
            // SAFETY: a mapping begins with TAIL bytes for the label and the object, is aligned to
            // a page, and nobody else has it yet.
            unsafe { segment.mapping.base().cast().write(label) };
            // SAFETY: as above.
            unsafe { segment.object().write(head) };
            then(&segment).map(|()| segment)
        };
        match place {
            Place::Anonymous => fill(Mapping::anonymous(len)?),
            Place::Named(name) => {
                let name = Name::new(name)?;
                let file = named::draft(len)?;
                let mut segment = fill(Mapping::of(&file, len)?)?;
                segment.tie = Some(named::publish(file, name)?);
                Ok(segment)
            }
        }
    }

    /// ENOENT; [`Error::OtherLayout`] when it is not the same `H` with the same `item`, or not
    /// whole.
    pub(crate) fn open(name: &str, item: u64) -> Result<Self> {
        let (file, size) = named::open(&Name::new(name)?)?;
        let len = NonZeroUsize::new(size).filter(|len| len.get() >= Self::TAIL);
        let mapping = Mapping::of(&file, len.ok_or(Error::OtherLayout)?)?;
        // SAFETY: a Label is integers, and the mapping is longer than one.
        let label = unsafe { mapping.base().cast::<Label>().read_volatile() };
        let tail = size - Self::TAIL;
        let known = label.magic == MAGIC && label.content == fingerprint(H::NAME, item);
        if !known || label.tail != tail as u64 {
            return Err(Error::OtherLayout);
        }
        Ok(Self { mapping, tail, tie: None, head: PhantomData })
    }

    fn object(&self) -> NonNull<H> {
        // SAFETY: the mapping is longer than LINE bytes.
        unsafe { self.mapping.base().add(LINE) }.cast()
    }

    pub(crate) fn head(&self) -> &H {
        // SAFETY: it was written before anybody else had the mapping, or its label was checked;
        // it lives as long as the mapping; and a Head stands what other processes do to it.
        unsafe { self.object().as_ref() }
    }

    /// The bytes behind the object; aligned to a [`LINE`].
    pub(crate) fn tail(&self) -> NonNull<u8> {
        // SAFETY: every mapping is at least TAIL bytes long.
        unsafe { self.mapping.base().add(Self::TAIL) }
    }

    /// How many they are.
    pub(crate) fn tail_len(&self) -> usize {
        self.tail
    }

    /// The name, if this process has created the segment under one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.tie.as_ref().map(Tie::name)
    }

    /// It stays mapped until the process ends: for an object that the process is still in.
    pub(crate) fn leak(&mut self) {
        self.mapping.leak();
    }
}

// The first bytes of the file are those that `named` looks at.
const _: () = assert!(offset_of!(Label, magic) == 0);

/// FNV-1a over a name and a number.
fn fingerprint(name: &str, item: u64) -> u64 {
    let bytes = name.bytes().chain(item.to_ne_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Tells types apart that have the same size, as far as their names do. Nothing unsafe depends on
/// it: a [`crate::Plain`] of the right size is a value whatever lies there.
pub(crate) fn item<T>() -> u64 {
    fingerprint(std::any::type_name::<T>(), (align_of::<T>() as u64) << 48 | size_of::<T>() as u64)
}
