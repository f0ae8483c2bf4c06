//! How C spells numbers: constants, flags, and both in one.

mod files;
mod processes;
mod sockets;

use std::borrow::Cow;

pub(super) use files::*;
pub(super) use processes::*;
pub(super) use sockets::*;

use crate::call::Value;

/// Numbers and their names.
pub(super) type List = &'static [(u64, &'static str)];

/// The names for one kind of argument. Some bits of it may hold a number that has a name
/// (O_RDONLY, SOCK_STREAM); the others are flags, each with its own.
#[derive(Debug)]
pub(super) struct Names {
    mask: u64,
    numbers: List,
    flags: List,
}

impl Names {
    /// A number is one of these.
    const fn one_of(numbers: List) -> Self {
        Self { mask: u64::MAX, numbers, flags: &[] }
    }

    /// Every bit is a flag.
    const fn flags(flags: List) -> Self {
        Self { mask: 0, numbers: &[], flags }
    }

    /// Within `mask` one of these numbers, outside of it flags.
    const fn both(mask: u64, numbers: List, flags: List) -> Self {
        Self { mask, numbers, flags }
    }

    /// As C would write it; what has no name is left as a number.
    pub(super) fn spell(&self, value: u64) -> Cow<'static, str> {
        let mut words = Vec::new();
        let mut rest = value;
        if let Some(name) = find(self.numbers, value & self.mask) {
            words.push(name);
            rest &= !self.mask;
        }
        for &(bits, name) in self.flags {
            if bits != 0 && rest & bits == bits {
                words.push(name);
                rest &= !bits;
            }
        }
        match (&words[..], rest) {
            ([], 0) => Cow::Borrowed("0"),
            ([], _) => format!("{rest:#x}").into(),
            ([name], 0) => Cow::Borrowed(name),
            (_, 0) => words.join("|").into(),
            _ => format!("{}|{rest:#x}", words.join("|")).into(),
        }
    }

    /// The same as a value.
    pub(super) fn value(&self, value: u64) -> Value {
        Value::Name(self.spell(value))
    }
}

fn find(list: List, value: u64) -> Option<&'static str> {
    list.iter().find(|(number, _)| *number == value).map(|(_, name)| *name)
}

/// Constants of libc with their names, as numbers of 32 bits; and `name = number` for those that
/// libc lacks.
macro_rules! names {
    ($($name:ident)* $(; $($more:ident = $number:expr),+)?) => { &[
        $((libc::$name as u64 & 0xffff_ffff, stringify!($name)),)*
        $($(($number, stringify!($more)),)+)?
    ] };
}
use names;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_flags_are_spelled_as_in_c() {
        for (names, value, text) in [
            (OPEN, 0, "O_RDONLY"),
            (OPEN, libc::O_RDWR | libc::O_CREAT | libc::O_CLOEXEC, "O_RDWR|O_CREAT|O_CLOEXEC"),
            (SOCKET_TYPE, libc::SOCK_DGRAM | libc::SOCK_NONBLOCK, "SOCK_DGRAM|SOCK_NONBLOCK"),
            (SEND, 0, "0"),
            (SEND, libc::MSG_NOSIGNAL, "MSG_NOSIGNAL"),
            (SEND, libc::MSG_OOB | 1 << 24, "MSG_OOB|0x1000000"),
            (FAMILY, 99, "0x63"),
            (FUTEX, 9 | 128 | 256, "FUTEX_WAIT_BITSET|FUTEX_PRIVATE_FLAG|FUTEX_CLOCK_REALTIME"),
            (FUTEX, 77, "0x4d"),
        ] {
            assert_eq!(names.spell(u64::from(value.cast_unsigned())), text);
        }
    }

    #[test]
    fn no_two_flags_of_one_argument_are_the_same_bits() {
        for names in [OPEN, SEND, EPOLL, POLL, CLONE, MAP, WAIT, ACTION, FUTEX] {
            let mut bits: Vec<u64> = names.flags.iter().map(|(bits, _)| *bits).collect();
            let all = bits.len();
            bits.sort_unstable();
            bits.dedup();
            assert_eq!(bits.len(), all, "{names:?}");
        }
    }
}
