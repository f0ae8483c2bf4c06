//! Array: as many numbers as were asked for when it was made, and never more.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use cli::Outcome;

use crate::map::Map;
use crate::worker::Worker;

/// The length is part of the type: there is no way to add an element. A Vec grows by moving its
/// elements to other memory, and would have to tell every process where.
pub(crate) struct Array<const N: usize>(Map<[AtomicU32; N]>);

impl<const N: usize> Array<N> {
    /// `Array("I", N)`: zeros.
    pub(crate) fn zeros() -> Outcome<Self> {
        Ok(Self(Map::anonymous()?))
    }

    /// `Array("I", list)`
    pub(crate) fn of(list: [u32; N]) -> Outcome<Self> {
        let array = Self::zeros()?;
        for (place, number) in array.0.iter().zip(list) {
            place.store(number, Ordering::SeqCst);
        }
        Ok(array)
    }

    /// `array[index]`. Behind the end lies the rest of the page, or somebody else's memory: the
    /// index is checked each time, as for any slice.
    pub(crate) fn get(&self, index: usize) -> Option<u32> {
        Some(self.0.get(index)?.load(Ordering::SeqCst))
    }

    /// `array[index] = number`
    pub(crate) fn set(&self, index: usize, number: u32) -> Option<()> {
        self.0.get(index)?.store(number, Ordering::SeqCst);
        Some(())
    }

    /// `for number in array`: each is whole, and each is read at a moment of its own.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|number| number.load(Ordering::SeqCst))
    }
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let array = Array::of([1, 2, 3, 4, 5])?;
    let squares = |_: &_| {
        for (index, number) in array.iter().enumerate() {
            array.set(index, number * number).ok_or("the array has become shorter")?;
        }
        Ok(())
    };
    Worker::start(squares)?.finish()?;
    let list: Vec<u32> = array.iter().collect();
    writeln!(out, "an array of 5, squared by a child: {list:?}, element 4: {:?}", array.get(4))?;
    writeln!(out, "  element 5: {:?}, setting it: {:?}", array.get(5), array.set(5, 36))?;
    let list: Vec<u32> = Array::<3>::zeros()?.iter().collect();
    writeln!(out, "an array made by its length: {list:?}")?;
    Ok(())
}
