//! On which processors a thread may run (sched_setaffinity(2)).

use super::Tid;

/// So many processors a mask of ours can name; on a larger machine the kernel refuses it.
const MOST: usize = 1024;
const WORD: usize = u64::BITS as usize;

/// A set of processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Processors([u64; MOST / WORD]);

impl Processors {
    /// Those of a thread; `None` where the kernel does not say.
    pub(crate) fn of(tid: Tid) -> Option<Self> {
        let mut set = [0_u64; MOST / WORD];
        // SAFETY: the kernel stores at most so many bytes at `set`.
        let n = unsafe {
            libc::syscall(libc::SYS_sched_getaffinity, tid, size_of_val(&set), set.as_mut_ptr())
        };
        (n > 0).then_some(Self(set))
    }

    /// Lets a thread run on these only. False when the kernel refuses.
    pub(crate) fn set(&self, tid: Tid) -> bool {
        let Self(set) = self;
        // SAFETY: the kernel reads so many bytes at `set`.
        let result = unsafe {
            libc::syscall(libc::SYS_sched_setaffinity, tid, size_of_val(set), set.as_ptr())
        };
        result == 0
    }

    /// The one that is so many places behind this one.
    pub(crate) fn behind(&self, processor: usize, places: usize) -> Option<Self> {
        let all: Vec<_> = (0..MOST).filter(|&n| self.has(n)).collect();
        let at = all.iter().position(|&n| n == processor)? + places;
        let mut one = [0; MOST / WORD];
        let chosen = all[at % all.len()];
        one[chosen / WORD] |= 1 << (chosen % WORD);
        Some(Self(one))
    }

    fn has(&self, processor: usize) -> bool {
        self.0[processor / WORD] >> (processor % WORD) & 1 == 1
    }

    /// As the kernel stores them.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.to_ne_bytes()).collect()
    }
}

/// Where this thread runs at this moment.
pub(crate) fn processor() -> Option<usize> {
    // SAFETY: no pointers.
    usize::try_from(unsafe { libc::sched_getcpu() }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_comes_after_the_last_one_too() {
        let mut some = Processors([0; MOST / WORD]);
        some.0[0] = 0b1001;
        some.0[1] = 1;
        let one = |word, bits| {
            let mut one = Processors([0; MOST / WORD]);
            one.0[word] = bits;
            Some(one)
        };
        assert_eq!(some.behind(0, 0), one(0, 1));
        assert_eq!(some.behind(3, 1), one(1, 1));
        assert_eq!(some.behind(64, 1), one(0, 1));
        assert_eq!(some.behind(1, 0), None);
        assert_eq!(some.bytes()[..9], [9, 0, 0, 0, 0, 0, 0, 0, 1]);
    }
}
