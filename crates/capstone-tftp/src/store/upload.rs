//! An upload: bytes that become a file in one step, or nothing.

use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use jail::Dir;
use nix::sys::stat::SFlag;
use nix::sys::statvfs::fstatvfs;
use syscall::{Errno, IntoErrno, retry};

use super::draft::{self, Draft};
use super::{Refusal, Rules, Shared};

/// An upload under way. Dropped without [`Upload::commit`], nothing of it remains.
pub struct Upload {
    store: Arc<Shared>,
    draft: Draft,
    name: Vec<u8>,
    length: u64,
}

impl Upload {
    pub(super) fn begin(
        store: Arc<Shared>,
        name: &[u8],
        announced: Option<u64>,
    ) -> Result<Self, Refusal> {
        let rules = &store.rules;
        if !rules.writable {
            return Err(Refusal::ReadOnly);
        }
        let (folder, name) = store.root.place(name)?;
        if folder.is_removed()? {
            return Err(Refusal::Gone);
        }
        if !taken(&folder, name, rules)? {
            room(&folder, rules)?;
        }
        let announced = announced.unwrap_or(0);
        if announced > rules.longest {
            return Err(Refusal::TooLarge);
        }
        let disk = retry(|| fstatvfs(&folder))?;
        // A file system without a size, such as a tmpfs without a limit, says zero.
        let free = disk.blocks_free().saturating_mul(disk.fragment_size());
        if disk.blocks() > 0 && announced > free {
            return Err(Refusal::Full);
        }
        let draft = Draft::new(folder)?;
        let name = name.to_vec();
        Ok(Self { store, draft, name, length: 0 })
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::Full`], [`Refusal::Io`]. The upload has failed then.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let length = self.length.saturating_add(bytes.len() as u64);
        if length > self.store.rules.longest {
            return Err(Refusal::TooLarge);
        }
        self.draft.file().write_all(bytes).map_err(IntoErrno::into_errno)?;
        self.length = length;
        Ok(())
    }

    /// How many bytes have come.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The file appears under its name, whole. Of two uploads of one name that end at the same
    /// moment, the first one wins, or where uploads replace, the last.
    ///
    /// # Errors
    /// [`Refusal::Exists`], [`Refusal::TooMany`], [`Refusal::Full`] and others; nothing remains then.
    pub fn commit(mut self) -> Result<(), Refusal> {
        let rules = &self.store.rules;
        // The lock's owner may have been killed: it guards no data, only the moment.
        let _turn = self.store.turn.lock().map_err(|error| error.errno())?.guard();
        if taken(self.draft.folder(), &self.name, rules)? {
            self.draft.replace(&self.name)?;
        } else {
            room(self.draft.folder(), rules)?;
            self.draft.appear(&self.name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { draft, length, .. } = self;
        f.debug_struct("Upload").field("draft", draft).field("length", length).finish()
    }
}

/// Whether there is a file to replace.
fn taken(folder: &Dir, name: &[u8], rules: &Rules) -> Result<bool, Refusal> {
    match draft::kind(folder, name) {
        Err(Errno::ENOENT) => Ok(false),
        Err(errno) => Err(errno.into()),
        Ok(_) if !rules.overwrite => Err(Refusal::Exists),
        Ok(SFlag::S_IFREG) => Ok(true),
        Ok(_) => Err(Refusal::NotOrdinary),
    }
}

/// Whether the folder may have one more name. Drafts are not counted: they are to become files.
fn room(folder: &Dir, rules: &Rules) -> Result<(), Refusal> {
    if rules.files == u64::MAX {
        return Ok(());
    }
    let names = folder.names().map_err(|error| match error {
        jail::Error::NotFound => Refusal::Gone,
        error => error.into(),
    })?;
    let files = names.iter().filter(|name| !draft::is_name(name)).count();
    if files as u64 >= rules.files { Err(Refusal::TooMany) } else { Ok(()) }
}
