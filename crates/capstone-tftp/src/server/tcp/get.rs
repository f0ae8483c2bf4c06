//! A file on its way to a client: by sendfile(2), or through our hands when it is summed.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::SystemTime;

use crc32fast::Hasher;
use server::Reply;

use super::event::What;
use super::told::{No, Told};
use crate::store::Store;
use crate::wire::{Answer, Code, Version};

/// Read and summed in one turn.
const PIECE: usize = 256 * 1024;

/// A file that is being sent.
pub(super) struct Get {
    name: Vec<u8>,
    file: Arc<File>,
    size: u64,
    /// What the client has, and where we are: a sum begins at 0.
    offset: u64,
    at: u64,
    sum: Option<Hasher>,
    /// Of the moment when it was opened.
    modified: Option<SystemTime>,
}

impl Get {
    /// Announces it; without a checksum, also owes it.
    pub(super) fn begin(
        store: &Store,
        name: &[u8],
        (offset, version): (u64, Version),
        checksum: bool,
        reply: &mut Reply,
    ) -> Result<Self, No> {
        let reading = store.read(name)?;
        let (current, size) = (reading.version.to_bytes(), reading.size);
        if offset > 0 && version != current {
            return Err(No(Code::Changed, "the file has changed since".into()));
        }
        if offset > size {
            return Err(No(Code::Beyond, format!("the file has only {size} bytes")));
        }
        let file = Arc::new(reading.file);
        let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
        reply.push(&Answer::Get { size, version: current }.to_bytes());
        let mut at = 0;
        if !checksum {
            reply.file(Arc::clone(&file), offset..size);
            at = size;
        }
        let sum = checksum.then(Hasher::new);
        Ok(Self { name: name.into(), file, size, offset, at, sum, modified })
    }

    /// The next piece, or the end. True when it is over.
    ///
    /// # Errors
    /// EIO, and `UnexpectedEof` for a file that has become shorter: nothing can be sent then for
    /// what was announced.
    pub(super) fn go_on(&mut self, reply: &mut Reply, told: &Told) -> io::Result<bool> {
        if self.at < self.size {
            self.piece(reply)?;
            return Ok(false);
        }
        let bytes = self.size - self.offset;
        if self.has_changed() {
            let why = "the file was written to while it was sent".into();
            told.refuse((What::Get, &self.name), No(Code::Changed, why), reply);
        } else {
            let checksum = self.sum.take().map(Hasher::finalize);
            told.done(What::Get, &self.name, bytes);
            reply.push(&Answer::Done { checksum }.to_bytes());
        }
        Ok(true)
    }

    /// Sums the next bytes, and owes those of them that the client does not have.
    fn piece(&mut self, reply: &mut Reply) -> io::Result<()> {
        let rest = usize::try_from(self.size - self.at).unwrap_or(usize::MAX);
        let mut bytes = vec![0; rest.min(PIECE)];
        let n = syscall::retry(|| self.file.read_at(&mut bytes, self.at))?;
        if n == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the file has become shorter"));
        }
        if let Some(sum) = &mut self.sum {
            sum.update(&bytes[..n]);
        }
        let had = usize::try_from(self.offset.saturating_sub(self.at)).unwrap_or(usize::MAX);
        reply.push(&bytes[had.min(n)..n]);
        self.at += n as u64;
        Ok(())
    }

    /// An upload makes another file of this name; only who writes into this one changes it.
    fn has_changed(&self) -> bool {
        let now = self.file.metadata();
        now.is_ok_and(|now| now.len() != self.size || now.modified().ok() != self.modified)
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }
}
