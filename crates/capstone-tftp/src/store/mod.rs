//! The files: one folder that nobody leaves, in which every file is whole at any moment.
//!
//! Both protocols read and write through a [`Store`], and neither sees a path. Names are bytes that
//! a stranger has sent; [`jail`] resolves them beneath the folder. Leading slashes are dropped, as
//! clients of the real TFTP send them: the folder is their root. Folders in it may be used, none is
//! ever made.
//!
//! **A file appears whole or not at all.** An upload is a draft that nobody sees until
//! [`Upload::commit`] gives it its name in one step; whoever reads the old file at that moment reads
//! it to its end. So a reader needs no lock, and whatever kills the server at any moment leaves old or
//! new files and, at worst, a draft that nobody is offered and the sweep of the next start removes.
//! (Killed, not switched off: nothing is forced to the disk, as with the servers of the real TFTP.)
//!
//! Nothing here waits for a peer. The calls wait for the disk, like all of the file system.

mod draft;
mod entry;
mod refusal;
mod rules;
mod sweep;
mod upload;

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;

use jail::Dir;

pub use entry::{Entry, Reading, Version};
pub use refusal::Refusal;
pub use rules::Rules;
pub use upload::Upload;

/// The folder and its rules. Its clones are the same store, in threads and in forked children.
#[derive(Clone, Debug)]
pub struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    root: Dir,
    rules: Rules,
    /// Held from counting the files until there is one more. A forked child takes its turn, too.
    turn: ipc::Lock<()>,
}

impl Store {
    /// Opens the folder; of a store that may be written to, removes what a killed server has left.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES and others of open(2); ENOMEM.
    pub fn open(folder: &Path, rules: Rules) -> syscall::Result<Self> {
        let root = Dir::open(folder)?;
        let turn = ipc::Lock::new(());
        let turn = turn.map_err(|error| syscall::Error::new("mmap", error.errno()))?;
        if rules.writable {
            sweep::sweep(&root);
        }
        Ok(Self(Arc::new(Shared { root, rules, turn })))
    }

    /// The ordinary files of the folder itself, in the order of their bytes. Hidden ones (`.name`)
    /// are not shown, nor are names made harmless: they are the file system's bytes.
    ///
    /// # Errors
    /// [`Refusal::Denied`], [`Refusal::Gone`], [`Refusal::Io`].
    pub fn list(&self) -> Result<Vec<Entry>, Refusal> {
        let found = self.0.root.entries().map_err(|error| match error {
            jail::Error::NotFound => Refusal::Gone,
            error => error.into(),
        })?;
        let shown = |found: &jail::Entry| found.metadata.is_file() && !found.name.starts_with(b".");
        let mut files: Vec<Entry> = found.into_iter().filter(shown).map(Entry::from).collect();
        files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    /// A file as it is now. What is uploaded under its name later is another file.
    ///
    /// # Errors
    /// Those about names and files, and [`Refusal::Io`].
    pub fn read(&self, name: &[u8]) -> Result<Reading, Refusal> {
        let (file, metadata) = self.0.root.file(inside(name)?)?;
        Ok(Reading { file, size: metadata.size(), version: Version::of(&metadata) })
    }

    /// Begins an upload. What can be known to fail fails now, before the bytes have come: the limits,
    /// an existing file, a full disk. `announced` is how long the peer says that it will be; nothing
    /// trusts it.
    ///
    /// # Errors
    /// Each [`Refusal`].
    pub fn write(&self, name: &[u8], announced: Option<u64>) -> Result<Upload, Refusal> {
        Upload::begin(Arc::clone(&self.0), inside(name)?, announced)
    }
}

/// The name beneath the folder. Drafts have names that no peer can say.
fn inside(name: &[u8]) -> Result<&[u8], Refusal> {
    let slashes = name.iter().take_while(|&&byte| byte == b'/').count();
    let name = &name[slashes..];
    let last = name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    if last.is_empty() || draft::is_name(last) { Err(Refusal::BadName) } else { Ok(name) }
}
