//! For tests: memory that holds a few things, and calls made on it.

use super::{call, number};
use crate::call::Call;
use crate::sys::Memory;

/// Bytes at addresses, and nothing between them.
#[derive(Debug, Default)]
pub(super) struct Fake {
    parts: Vec<(u64, Vec<u8>)>,
}

impl Fake {
    /// Puts bytes somewhere; gives their address.
    pub(super) fn put(&mut self, bytes: impl Into<Vec<u8>>) -> u64 {
        let address = 0x7f00_0000_0000 + 0x1_0000 * (self.parts.len() as u64 + 1);
        self.parts.push((address, bytes.into()));
        address
    }

    /// Puts several things behind one another.
    pub(super) fn put_all<'a>(&mut self, parts: impl IntoIterator<Item = &'a dyn Raw>) -> u64 {
        self.put(parts.into_iter().flat_map(Raw::raw).collect::<Vec<_>>())
    }

    /// Puts other bytes where something was.
    pub(super) fn set(&mut self, address: u64, bytes: &[u8]) {
        let (start, part) = self.part(address).expect("something must be there");
        let offset = usize::try_from(address - start).expect("it is small");
        part[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    fn part(&mut self, address: u64) -> Option<(u64, &mut Vec<u8>)> {
        let holds = |(start, part): &&mut (u64, Vec<u8>)| {
            (*start..*start + part.len() as u64).contains(&address)
        };
        self.parts.iter_mut().find(holds).map(|(start, part)| (*start, part))
    }

    /// A call by its name.
    pub(super) fn call(&self, name: &str, args: &[u64], result: Option<i64>) -> Call {
        call(number(name).expect(name), &registers(args), self, result)
    }

    /// The same as text.
    pub(super) fn show(&self, name: &str, args: &[u64], result: Option<i64>) -> String {
        self.call(name, args, result).to_string()
    }
}

impl Memory for Fake {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        let from = |(start, part): &(u64, Vec<u8>)| {
            let offset = usize::try_from(address.checked_sub(*start)?).ok()?;
            part.get(offset..).filter(|rest| !rest.is_empty()).map(<[u8]>::to_vec)
        };
        let rest = self.parts.iter().find_map(from).unwrap_or_default();
        let n = rest.len().min(bytes.len());
        bytes[..n].copy_from_slice(&rest[..n]);
        n
    }
}

/// All six; those that a call does not have are 0.
pub(super) fn registers(args: &[u64]) -> [u64; 6] {
    std::array::from_fn(|index| args.get(index).copied().unwrap_or(0))
}

/// A negative int in a register.
pub(super) fn negative(number: i32) -> u64 {
    number.cast_unsigned().into()
}

/// An address family as it stands in a struct sockaddr.
pub(super) fn family(number: i32) -> u16 {
    u16::try_from(number).expect("families are small")
}

/// Something that lies in memory as bytes.
pub(super) trait Raw {
    fn raw(&self) -> Vec<u8>;
}

macro_rules! raw {
    ($($number:ty)*) => { $(impl Raw for $number {
        fn raw(&self) -> Vec<u8> {
            self.to_ne_bytes().into()
        }
    })* };
}
raw!(u8 u16 i16 u32 i32 u64 i64);

impl Raw for &[u8] {
    fn raw(&self) -> Vec<u8> {
        self.to_vec()
    }
}
