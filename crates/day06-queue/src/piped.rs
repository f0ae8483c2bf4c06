//! A queue made of a pipe, as CPython's multiprocessing.Queue is. A pipe is already a queue of
//! bytes; what it lacks is a border between messages, and a limit that counts messages.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::child::{finish, start};

/// Each message is as long as this, filled up with NUL: a record is its own frame, and so short
/// that the kernel mixes no two of them (PIPE_BUF).
const RECORD: usize = 32;

struct PipeQueue {
    reader: PipeReader,
    writer: PipeWriter,
    /// Free places: a semaphore between processes. A read takes one, and without one it sleeps or
    /// is EAGAIN; a write gives one back. The other number, of messages, is in the pipe itself.
    places: EventFd,
}

impl PipeQueue {
    fn new(capacity: u32) -> Outcome<Self> {
        let (reader, writer) = io::pipe()?;
        let flags = EfdFlags::EFD_SEMAPHORE | EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        Ok(Self { reader, writer, places: EventFd::from_value_and_flags(capacity, flags)? })
    }

    /// put(block=False): CPython's queue.Full is EAGAIN here.
    fn put(&self, text: &str) -> Outcome<Result<(), Errno>> {
        let mut record = [0; RECORD];
        let place = record.get_mut(..text.len()).ok_or(Errno::EMSGSIZE)?;
        place.copy_from_slice(text.as_bytes());
        if let Err(full) = self.places.read() {
            return Ok(Err(full));
        }
        (&self.writer).write_all(&record)?;
        Ok(Ok(()))
    }

    /// get(): sleeps until there is a message.
    fn get(&self) -> Outcome<String> {
        let mut record = [0; RECORD];
        (&self.reader).read_exact(&mut record)?;
        self.places.write(1)?;
        Ok(String::from_utf8_lossy(&record).trim_end_matches('\0').into())
    }
}

pub(crate) fn run() -> Outcome {
    let queue = PipeQueue::new(3)?;
    let mut taken = Vec::new();
    let put = || -> Outcome {
        for text in ["milk", "fire", "bread"] {
            queue.put(text)??;
        }
        Ok(())
    };
    finish(start(put)?)?;
    let fourth = queue.put("doctor")?;
    taken.push(queue.get()?);
    let then = queue.put("doctor")?;
    for _ in 0..3 {
        taken.push(queue.get()?);
    }

    let mut out = io::stdout();
    writeln!(out, "a queue out of a pipe and a semaphore, for 3 messages")?;
    writeln!(out, "  a child has put 3; a fourth: {fourth:?}; after a get: {then:?}")?;
    // No priorities, no name, and it ends with the last who has it.
    writeln!(out, "  out: {}", taken.join(", "))?;
    Ok(())
}
