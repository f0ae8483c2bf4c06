//! A page of memory that keeper, harness and case share: what the case has to tell.
//!
//! Memory and no pipe: it is still there when a learner's code has closed every descriptor or set
//! every limit to nothing, it takes no number in the descriptor table that the exercise is about,
//! and nobody can write to it by accident.

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MapFlags, ProtFlags, mmap};

/// All zeros are a page on which nothing is written.
#[repr(C)]
pub(super) struct Page {
    state: AtomicU32,
    /// The process of the case.
    pub(super) pid: AtomicU32,
    /// The case that runs.
    pub(super) case: Text<256>,
    /// Why it has failed; in state [`State::Left`], what was left over.
    pub(super) verdict: Text<8192>,
    /// Why it was left without a result.
    pub(super) skipped: Text<1024>,
    /// Steps that went well.
    pub(super) steps: Text<8192>,
    /// What happened to other processes of the case: shown when it fails.
    pub(super) asides: Text<8192>,
    /// Children that came back into the test: it fails.
    pub(super) strays: Text<4096>,
    /// Names of IPC objects that were given out.
    pub(super) names: Text<4096>,
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Its process has not come to the case yet.
    Born,
    /// Its function runs.
    Running,
    /// All is well.
    Passed,
    /// The verdict says why.
    Failed,
    /// Something was left over. The process waits, to be looked at.
    Left,
}

const STATES: [State; 5] = [State::Born, State::Running, State::Passed, State::Failed, State::Left];

impl Page {
    /// A new one, and the descriptor by which others find it.
    pub(super) fn new() -> nix::Result<(OwnedFd, &'static Self)> {
        let file = memfd_create(c"what a case tells", MFdFlags::MFD_CLOEXEC)?;
        nix::unistd::ftruncate(&file, size_of::<Self>().try_into().unwrap_or(i64::MAX))?;
        let page = Self::map(&file)?;
        Ok((file, page))
    }

    /// That of another process.
    pub(super) fn open(path: &Path) -> std::io::Result<&'static Self> {
        Ok(Self::map(&File::options().read(true).write(true).open(path)?)?)
    }

    /// It stays until the process ends.
    fn map(file: impl AsFd) -> nix::Result<&'static Self> {
        const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<Page>()).expect("it has fields");
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping, at an address that the kernel chooses.
        let start = unsafe { mmap(None, SIZE, protection, MapFlags::MAP_SHARED, file, 0) }?;
        // SAFETY: page-aligned, as long as the file, which is sealed by nobody knowing of it, and
        // never unmapped. Every field is an atomic, for which all bits and all writers are fine.
        Ok(unsafe { start.cast::<Self>().as_ref() })
    }

    /// For the next case.
    pub(super) fn clear(&self, case: &str) {
        self.pid.store(0, Ordering::Relaxed);
        self.verdict.clear();
        self.skipped.clear();
        self.steps.clear();
        self.asides.clear();
        self.strays.clear();
        self.names.clear();
        self.case.clear();
        self.case.add(case);
        self.set_state(State::Born);
    }

    pub(super) fn state(&self) -> State {
        let number = self.state.load(Ordering::Acquire) as usize;
        STATES.get(number).copied().unwrap_or(State::Running)
    }

    /// What was written before is seen by whoever sees the state.
    pub(super) fn set_state(&self, state: State) {
        self.state.store(state as u32, Ordering::Release);
    }
}

/// Lines, added to by several processes and threads.
#[repr(C)]
pub(super) struct Text<const N: usize> {
    length: AtomicU32,
    bytes: [AtomicU8; N],
}

impl<const N: usize> Text<N> {
    /// Adds a line. What does not fit is cut.
    pub(super) fn add(&self, line: &str) {
        let length = u32::try_from(line.len() + 1).unwrap_or(u32::MAX / 2);
        let start = self.length.fetch_add(length, Ordering::Relaxed) as usize;
        let places = self.bytes.get(start..).unwrap_or_default();
        for (place, byte) in places.iter().zip(line.bytes().chain([b'\n'])) {
            place.store(byte, Ordering::Relaxed);
        }
    }

    pub(super) fn get(&self) -> String {
        let length = (self.length.load(Ordering::Relaxed) as usize).min(N);
        let bytes: Vec<u8> =
            self.bytes[..length].iter().map(|byte| byte.load(Ordering::Relaxed)).collect();
        String::from_utf8_lossy(&bytes).trim_end().into()
    }

    fn clear(&self) {
        self.length.store(0, Ordering::Relaxed);
    }
}
