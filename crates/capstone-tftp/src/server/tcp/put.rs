//! A file on its way from a client.

use crc32fast::Hasher;
use server::Reply;

use super::event::What;
use super::told::{No, Told};
use crate::store::Upload;
use crate::wire::{Answer, Code};

/// A file that is being received.
pub(super) struct Put {
    name: Vec<u8>,
    size: u64,
    missing: u64,
    /// `None` when it was refused in the middle: what still comes is dropped.
    upload: Option<Upload>,
    sum: Option<Hasher>,
}

impl Put {
    pub(super) fn new(upload: Upload, name: &[u8], size: u64, checksum: bool) -> Self {
        let sum = checksum.then(Hasher::new);
        Self { name: name.into(), size, missing: size, upload: Some(upload), sum }
    }

    /// Bytes of content that have not come yet.
    pub(super) fn missing(&self) -> u64 {
        self.missing
    }

    pub(super) fn has_checksum(&self) -> bool {
        self.sum.is_some()
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    /// No more than are missing.
    pub(super) fn content(&mut self, bytes: &[u8], reply: &mut Reply, told: &Told) {
        self.missing -= bytes.len() as u64;
        if let Some(sum) = &mut self.sum {
            sum.update(bytes);
        }
        if let Some(upload) = &mut self.upload
            && let Err(refusal) = upload.append(bytes)
        {
            // At once: the client can see it before it has sent everything.
            self.upload = None;
            told.refuse((What::Put, &self.name), refusal, reply);
        }
    }

    /// The client says that this was all.
    pub(super) fn done(&mut self, checksum: Option<u32>, reply: &mut Reply, told: &Told) {
        let Some(upload) = self.upload.take() else { return };
        if checksum != self.sum.take().map(Hasher::finalize) {
            let no = No(Code::Checksum, "what has come has another checksum".into());
            return told.refuse((What::Put, &self.name), no, reply);
        }
        match upload.commit() {
            Ok(()) => {
                told.done(What::Put, &self.name, self.size);
                reply.push(&Answer::Done { checksum: None }.to_bytes());
            }
            Err(refusal) => told.refuse((What::Put, &self.name), refusal, reply),
        }
    }
}
