//! A text in shared memory: bytes, and how many of them count.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use cli::Outcome;

use crate::map::{Map, Plain};
use crate::semaphore::Semaphore;
use crate::worker::Worker;

#[repr(C)]
struct Text {
    length: AtomicU32,
    bytes: [AtomicU8; 16],
}

// SAFETY: nothing but atomics, and `value` takes no length at its word.
unsafe impl Plain for Text {}

impl Text {
    /// The notes say that `.value` of such an array is an address. It is the bytes themselves; an
    /// address of ours would be of no use to another process.
    fn value(&self) -> String {
        let length = self.length.load(Ordering::SeqCst) as usize;
        let bytes = self.bytes.iter().take(length).map(|byte| byte.load(Ordering::SeqCst));
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    }

    /// Takes all of it or refuses. `half_way` is what happens between the second byte and the
    /// third.
    fn set(&self, text: &str, half_way: impl FnOnce() -> Outcome) -> Outcome {
        let places = self.bytes.len();
        let (start, rest) = text.as_bytes().split_at(text.len().min(2));
        if text.len() > places {
            return Err(format!("{} bytes, and there is room for {places}", text.len()).into());
        }
        let put = |places: &[AtomicU8], bytes: &[u8]| {
            places.iter().zip(bytes).for_each(|(place, &byte)| place.store(byte, Ordering::SeqCst));
        };
        put(&self.bytes, start);
        half_way()?;
        put(&self.bytes[start.len()..], rest);
        self.length.store(u32::try_from(text.len())?, Ordering::SeqCst);
        Ok(())
    }
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let text = Map::<Text>::anonymous()?;

    // Room is counted in bytes, and UTF-8 needs three for each of these.
    Worker::start(|_| text.set("共享内存", || Ok(())))?.finish()?;
    let (value, bytes) = (text.value(), text.length.load(Ordering::SeqCst));
    let chars = value.chars().count();
    writeln!(out, "a text from a child: {value}, {chars} characters, {bytes} bytes")?;
    let refused = text.set("共享内存有六字", || Ok(())).err().map(|error| error.to_string());
    writeln!(out, "  a longer one: {}", refused.unwrap_or_default())?;

    // Each byte is whole, the text is not: who reads at the wrong moment sees a time that never
    // was. The child stops half-way until we have read.
    text.set("12:59", || Ok(()))?;
    let clock = Worker::start(|line| text.set("13:00", || line.tell().and_then(|()| line.hear())))?;
    clock.hear()?;
    let torn = text.value();
    clock.tell()?;
    clock.finish()?;
    writeln!(out, "a clock goes from 12:59 to {}, read half-way: {torn}", text.value())?;

    // With a lock around the whole of it, half-way is a moment that no reader can have.
    let lock = Semaphore::new(1)?;
    text.set("12:59", || Ok(()))?;
    let clock = Worker::start(|line| {
        lock.with(|| text.set("13:00", || line.tell().and_then(|()| line.hear())))?
    })?;
    clock.hear()?;
    let free = lock.try_acquire()?;
    clock.tell()?;
    let read = lock.with(|| text.value())?;
    clock.finish()?;
    writeln!(out, "  with a lock: free half-way: {free}; read as soon as it is: {read}")?;
    Ok(())
}
