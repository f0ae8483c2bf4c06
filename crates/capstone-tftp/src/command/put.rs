//! A file goes.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use cli::{Outcome, Usage};
use service::harmless;

use super::{Progress, Session, about};

/// What goes.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) file: File,
    /// Announced before the first byte goes.
    pub(super) size: u64,
    /// On the server.
    pub(super) name: Vec<u8>,
}

impl Source {
    /// A file, or standard input for `-`, which has no name of its own.
    ///
    /// # Errors
    /// A sentence that names the file; [`Usage`] for standard input without a name.
    pub(super) fn open(local: &Path, name: Option<&[u8]>) -> Outcome<Self> {
        let is_input = local == Path::new("-");
        let own = local.file_name().filter(|_| !is_input).map(OsStrExt::as_bytes);
        let name = name.or(own);
        let name = name.ok_or_else(|| Usage("put - needs a NAME for the server".into()))?;
        let opened = if is_input { spool(io::stdin().lock()) } else { open(local) };
        let (file, size) = opened.map_err(|error| about(local.as_os_str().as_bytes(), error))?;
        Ok(Self { file, size, name: name.to_owned() })
    }
}

fn open(local: &Path) -> io::Result<(File, u64)> {
    let file = File::open(local)?;
    let kind = file.metadata()?;
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if kind.is_file() { Ok((file, kind.len())) } else { spool(file) }
}

/// What has no length, such as a pipe, is read to its end first.
fn spool(mut from: impl Read) -> io::Result<(File, u64)> {
    // It has no name, so nothing is left of it.
    let mut file = tempfile::tempfile()?;
    let size = io::copy(&mut from, &mut file)?;
    file.rewind()?;
    Ok((file, size))
}

impl Session {
    /// Sends a file; gives the name that it has there now. It is not sent again when the connection
    /// breaks: nobody knows then whether it has arrived.
    ///
    /// # Errors
    /// A sentence that names the file; [`Interrupted`](super::Interrupted).
    pub fn put(&mut self, local: &Path, name: Option<&[u8]>) -> Outcome<Vec<u8>> {
        let Source { mut file, size, name } = Source::open(local, name)?;
        self.interrupt.begin();
        let bar = Progress::new(&harmless(&name), Some(size), 0);
        let put = self.interruptible(|client| {
            client.put(&name, size, &mut file, &mut |done| {
                bar.reach(done);
                ControlFlow::Continue(())
            })
        });
        drop(bar);
        put.map_err(|error| {
            let kept = about(&name, "it has not come to the server");
            self.interrupt.told(&kept, about(&name, error))
        })?;
        Ok(name)
    }
}
