//! Short transfers: the call is made with less, and what says how much is put back at its exit.

use super::operation::{Kind, Length};
use crate::engine::Alteration;
use crate::sys::Memory;

/// A vector's elements that are looked at; the kernel takes no more either (IOV_MAX).
const ELEMENTS: u64 = 1024;

/// What makes a transfer move `length` bytes at most, and how many it wants to move. `None` when
/// it wants no more than that, or cannot be read.
pub(super) fn shorten(
    kind: Kind,
    args: &[u64; 6],
    length: u64,
    memory: &impl Memory,
) -> Option<(Alteration, u64)> {
    let (Kind::Read(form) | Kind::Write(form)) = kind else { return None };
    let mut change = Alteration::default();
    let wanted = match form {
        Length::Bytes => {
            change.arguments.push((2, args[2], length));
            args[2]
        }
        Length::Count => {
            change.arguments.push((3, args[3], length));
            args[3]
        }
        Length::Vector => {
            let (count, wanted) = cut(args[1], args[2], length, memory, &mut change)?;
            change.arguments.push((2, args[2], count));
            wanted
        }
        Length::Message => {
            // struct msghdr: the vector's address at 16, its length at 24.
            let (vector, count) = (memory.word(args[1] + 16)?, memory.word(args[1] + 24)?);
            let (new, wanted) = cut(vector, count, length, memory, &mut change)?;
            change.words.push((args[1] + 24, count, new));
            wanted
        }
    };
    (wanted > length).then_some((change, wanted))
}

/// Cuts a vector: gives how many elements are left, and how long it was.
fn cut(
    vector: u64,
    count: u64,
    length: u64,
    memory: &impl Memory,
    change: &mut Alteration,
) -> Option<(u64, u64)> {
    let (mut wanted, mut left) = (0_u64, count);
    for element in 0..count.min(ELEMENTS) {
        // struct iovec: an address, a length.
        let at = vector + 16 * element + 8;
        let size = memory.word(at)?;
        if wanted < length && wanted + size >= length {
            left = element + 1;
            change.words.push((at, size, length - wanted));
        }
        wanted = wanted.checked_add(size)?;
    }
    Some((left, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words from address 0 on; 0 is no address, so the first is never asked for.
    struct Words(Vec<u64>);

    impl Memory for Words {
        fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
            let Some(word) = self.0.get(usize::try_from(address / 8).unwrap()) else { return 0 };
            bytes.copy_from_slice(&word.to_ne_bytes()[..bytes.len()]);
            bytes.len()
        }
    }

    #[test]
    fn a_length_is_cut_and_remembered() {
        let args = [3, 100, 1000, 0, 0, 0];
        let memory = Words(Vec::new());
        let (change, wanted) = shorten(Kind::Read(Length::Bytes), &args, 7, &memory).unwrap();
        assert_eq!(wanted, 1000);
        assert_eq!(change, Alteration { arguments: vec![(2, 1000, 7)], words: vec![] });
        assert_eq!(shorten(Kind::Read(Length::Bytes), &args, 1000, &memory), None);
        let args = [3, 4, 0, 1000, 0, 0];
        let (change, wanted) = shorten(Kind::Write(Length::Count), &args, 7, &memory).unwrap();
        assert_eq!(wanted, 1000);
        assert_eq!(change, Alteration { arguments: vec![(3, 1000, 7)], words: vec![] });
    }

    #[test]
    fn a_vector_is_cut_in_the_element_where_the_length_ends() {
        // Three elements at 8: of 4, 4 and 4 bytes.
        let memory = Words(vec![0, 500, 4, 600, 4, 700, 4]);
        let args = [3, 8, 3, 0, 0, 0];
        let vector = Kind::Write(Length::Vector);
        let (change, wanted) = shorten(vector, &args, 7, &memory).unwrap();
        assert_eq!(wanted, 12);
        assert_eq!(change, Alteration { arguments: vec![(2, 3, 2)], words: vec![(32, 4, 3)] });
        let (change, _) = shorten(vector, &args, 4, &memory).unwrap();
        assert_eq!(change, Alteration { arguments: vec![(2, 3, 1)], words: vec![(16, 4, 4)] });
        assert_eq!(shorten(vector, &args, 12, &memory), None);
    }

    #[test]
    fn a_message_is_cut_in_memory_only() {
        // struct msghdr at 8: a name, its length, the vector at 40 with one element.
        let memory = Words(vec![0, 0, 0, 40, 1, 800, 10]);
        let args = [3, 8, 0, 0, 0, 0];
        let (change, wanted) = shorten(Kind::Write(Length::Message), &args, 2, &memory).unwrap();
        assert_eq!(wanted, 10);
        assert_eq!(change.arguments, []);
        assert_eq!(change.words, [(48, 10, 2), (32, 1, 1)]);
    }
}
