//! The memory of a stopped process.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use syscall::{Context as _, Errno};

use super::Tid;

/// Something that holds bytes at addresses: a process, or in tests a few bytes.
pub(crate) trait Memory {
    /// Fills `bytes` from `address` on as far as there is memory; gives how far.
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize;

    /// `length` bytes, or as many as there are.
    fn bytes(&self, address: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let n = if address == 0 { 0 } else { self.read(address, &mut bytes) };
        bytes.truncate(n);
        bytes
    }

    /// Exactly so many bytes.
    fn array<const N: usize>(&self, address: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        (address != 0 && self.read(address, &mut bytes) == N).then_some(bytes)
    }

    /// Four bytes as a number of this machine.
    fn int(&self, address: u64) -> Option<i32> {
        self.array(address).map(i32::from_ne_bytes)
    }

    /// Eight bytes as a number of this machine.
    fn word(&self, address: u64) -> Option<u64> {
        self.array(address).map(u64::from_ne_bytes)
    }

    /// Bytes up to a NUL, `limit` at most. Read page by page, because the next page may be none.
    fn text(&self, address: u64, limit: usize) -> Vec<u8> {
        const PAGE: usize = 4096;
        let mut text = Vec::new();
        while text.len() < limit {
            let at = address.wrapping_add(text.len() as u64);
            let room = PAGE - usize::try_from(at % PAGE as u64).unwrap_or(0);
            let wanted = room.min(limit - text.len());
            let part = self.bytes(at, wanted);
            let end = part.iter().position(|&byte| byte == 0);
            text.extend_from_slice(&part[..end.unwrap_or(part.len())]);
            if end.is_some() || part.len() < wanted {
                break;
            }
        }
        text
    }
}

/// The memory of a process, by process_vm_readv(2), and where that is denied by /proc/PID/mem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfProcess(pub(crate) Tid);

impl Memory for OfProcess {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        let Ok(start) = usize::try_from(address) else { return 0 };
        let here = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let there =
            libc::iovec { iov_base: std::ptr::without_provenance_mut(start), iov_len: bytes.len() };
        // SAFETY: `here` is a buffer of ours of that length; `there` is in another process, and
        // the kernel checks it.
        let n =
            unsafe { libc::process_vm_readv(self.0, &raw const here, 1, &raw const there, 1, 0) };
        match Errno::result(n) {
            Ok(n) => usize::try_from(n).unwrap_or(0),
            Err(Errno::EPERM | Errno::ENOSYS) => {
                let memory = File::open(format!("/proc/{}/mem", self.0));
                memory.and_then(|memory| memory.read_at(bytes, address)).unwrap_or(0)
            }
            Err(_) => 0,
        }
    }
}

impl OfProcess {
    /// Overwrites a word. By /proc/PID/mem, which also writes where the program itself may only
    /// read (ptrace(2), PTRACE_POKEDATA): constants lie there.
    ///
    /// # Errors
    /// EIO: there is no memory. ESRCH, ENOENT, EACCES: the process is gone, or another program.
    pub(crate) fn set_word(self, address: u64, word: u64) -> syscall::Result<()> {
        self.overwrite(address, &word.to_ne_bytes())
    }

    /// Overwrites bytes.
    ///
    /// # Errors
    /// As [`OfProcess::set_word`].
    pub(crate) fn overwrite(self, address: u64, bytes: &[u8]) -> syscall::Result<()> {
        let path = format!("/proc/{}/mem", self.0);
        let memory = File::options().write(true).open(&path).call_on("openat", &path)?;
        memory.write_all_at(bytes, address).call_on("pwrite", path)
    }

    /// Stores bytes where the program itself may, and nowhere else: as the kernel does when a call
    /// has an answer.
    pub(crate) fn store(self, address: u64, bytes: &[u8]) {
        let Ok(start) = usize::try_from(address) else { return };
        let here = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        let there =
            libc::iovec { iov_base: std::ptr::without_provenance_mut(start), iov_len: bytes.len() };
        // SAFETY: `here` is a buffer of ours of that length, which is only read; `there` is in
        // another process, and the kernel checks it.
        unsafe { libc::process_vm_writev(self.0, &raw const here, 1, &raw const there, 1, 0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes from this address on.
    struct Fake(u64, &'static [u8]);

    impl Memory for Fake {
        fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
            let start = address.checked_sub(self.0).and_then(|n| usize::try_from(n).ok());
            let Some(rest) = start.and_then(|start| self.1.get(start..)) else { return 0 };
            let n = rest.len().min(bytes.len());
            bytes[..n].copy_from_slice(&rest[..n]);
            n
        }
    }

    #[test]
    fn a_text_ends_at_its_nul_its_limit_or_the_end_of_memory() {
        let memory = Fake(4090, b"across a page\0and more");
        assert_eq!(memory.text(4090, 100), b"across a page");
        assert_eq!(memory.text(4090, 6), b"across");
        assert_eq!(memory.text(4104, 100), b"and more");
        assert_eq!(memory.text(1, 100), b"");
        assert_eq!(memory.text(0, 100), b"");
        let top = u64::MAX - 7;
        assert_eq!(Fake(top, b"the last").text(top, 100), b"the last");
    }

    #[test]
    fn ones_own_memory_is_read_and_what_is_not_there_is_not() {
        let bytes = *b"hello";
        let me = OfProcess(std::process::id().cast_signed());
        let address = bytes.as_ptr().expose_provenance() as u64;
        assert_eq!(me.array(address), Some(bytes));
        assert_eq!(me.word(0), None);
        assert_eq!(me.word(8), None);
    }
}
