//! What a case says on descriptors 1 and 2: its beginning and its end, however much it says.

use std::collections::VecDeque;
use std::io::{self, PipeReader, Read as _};

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// So much is kept of the beginning, and so much of the end.
const KEPT: usize = 32 * 1024;
/// So much is read before somebody else gets a turn.
const AT_ONCE: usize = 1 << 20;

pub(super) struct Output {
    pub(super) pipe: PipeReader,
    pub(super) open: bool,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    total: u64,
    buffer: Box<[u8]>,
}

impl Output {
    pub(super) fn of(pipe: PipeReader) -> io::Result<Self> {
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let buffer = vec![0; 64 * 1024].into();
        Ok(Self { pipe, open: true, head: Vec::new(), tail: VecDeque::new(), total: 0, buffer })
    }

    /// Takes what is there.
    pub(super) fn read(&mut self) {
        let mut taken = 0;
        while self.open && taken < AT_ONCE {
            match self.pipe.read(&mut self.buffer) {
                Ok(0) => self.open = false,
                Ok(n) => {
                    taken += n;
                    self.keep(n);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.open = error.kind() == io::ErrorKind::WouldBlock;
                    return;
                }
            }
        }
    }

    fn keep(&mut self, n: usize) {
        self.total += n as u64;
        let new = &self.buffer[..n];
        let room = (KEPT - self.head.len()).min(n);
        self.head.extend_from_slice(&new[..room]);
        let rest = &new[room..];
        let last = &rest[rest.len().saturating_sub(KEPT)..];
        let surplus = (self.tail.len() + last.len()).saturating_sub(KEPT);
        self.tail.drain(..surplus);
        self.tail.extend(last);
    }

    /// What is not UTF-8 is shown as such.
    pub(super) fn text(&self) -> String {
        let left_out = self.total - self.head.len() as u64 - self.tail.len() as u64;
        let head = String::from_utf8_lossy(&self.head);
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let tail = String::from_utf8_lossy(&tail);
        if left_out == 0 {
            format!("{head}{tail}")
        } else {
            format!("{head}\n… {left_out} bytes are left out here …\n{tail}")
        }
    }
}
