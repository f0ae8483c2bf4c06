//! Whatever registers and memory hold, nothing panics, little is read, little is kept, and a call
//! has as many values when it returns as when it was made.

use std::cell::Cell;

use super::super::*;

/// A small generator of numbers (xorshift64), so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// One of these, or anything.
    fn some(&mut self, list: &[u64]) -> u64 {
        let any = self.next();
        let place = self.next() % (list.len() as u64 + 1);
        list.get(usize::try_from(place).unwrap()).copied().unwrap_or(any)
    }
}

/// Memory that holds the same everywhere, up to some address; how much of it was asked for.
struct Everywhere {
    pattern: [u8; 8],
    end: u64,
    largest: Cell<usize>,
    all: Cell<usize>,
}

impl Memory for Everywhere {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        self.largest.set(self.largest.get().max(bytes.len()));
        self.all.set(self.all.get() + bytes.len());
        let room = usize::try_from(self.end.saturating_sub(address)).unwrap();
        let n = room.min(bytes.len());
        for (index, byte) in bytes[..n].iter_mut().enumerate() {
            let at = address.wrapping_add(index as u64) % 8;
            *byte = self.pattern[usize::try_from(at).unwrap()];
        }
        n
    }
}

fn size(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Bytes(bytes) => bytes.head.len(),
            Value::Text(text) => text.len(),
            Value::Name(name) => name.len(),
            Value::List(values) => values.iter().map(size).sum(),
            Value::Fields(fields) => fields.iter().map(|(_, value)| size(value) + 16).sum(),
            _ => 0,
        }
}

const NUMBERS: [u64; 14] = [
    0,
    1,
    2,
    3,
    16,
    0x40,
    128,
    4096,
    1 << 31,
    1 << 60,
    0x7fff_0000_0ff8,
    u64::MAX,
    u64::MAX - 7,
    i64::MAX.cast_unsigned(),
];
const RESULTS: [u64; 8] = [0, 1, 5, 1 << 20, 1 << 62, 0xffff_ffff, u64::MAX, u64::MAX - 511];
const WORDS: [u64; 9] =
    [0, u64::MAX, 1, 16, 24, 0x0101_0101_0101_0101, 1 << 60, 0x7fff_0000_0ff8, 0x41 << 32];

fn one(row: &table::Row, numbers: &mut Numbers) {
    let args: [u64; 6] = std::array::from_fn(|_| numbers.some(&NUMBERS));
    let memory = Everywhere {
        pattern: numbers.some(&WORDS).to_ne_bytes(),
        end: numbers.some(&[u64::MAX, 0x7fff_0000_1000, 0x7fff_0000_0fff, 8]),
        largest: Cell::new(0),
        all: Cell::new(0),
    };
    let result = numbers.some(&RESULTS).cast_signed();
    let state = format!("{} {args:x?} = {result} {:x?}", row.name, memory.pattern);
    let mut made = call(row.number, &args, &memory, None);
    let done = call(row.number, &args, &memory, Some(result));
    assert_eq!(made.args.len(), done.args.len(), "{state}");
    assert!(memory.largest.get() <= 2048, "{state}");
    assert!(memory.all.get() <= 24 * 1024, "{} {state}", memory.all.get());
    for value in made.args.iter().chain(&done.args) {
        assert!(size(value) <= 12 * 1024, "{} {state}", size(value));
    }
    finish(&mut made, row.number, &args, &memory, result);
    let answer = answer(row.number, &args, result);
    assert!(!format!("{made} {done} {answer}").is_empty());
    let json = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Call>(&json).unwrap(), made, "{state}");
}

#[test]
fn no_registers_and_no_memory_do_harm() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for row in table::all() {
        for _ in 0..400 {
            one(row, &mut numbers);
        }
    }
}
