//! One file into its place, whole or not at all, and what lay there into `work/backup`.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The sentence for an operation that failed.
pub(crate) fn failed<'a>(done: &'a str, path: &'a Path) -> impl Fn(io::Error) -> String + 'a {
    move |error| format!("{} cannot be {done}: {error}", path.display())
}

/// Writes a file beside its place and renames it into it.
pub(crate) fn write(path: &Path, text: &[u8]) -> Result<(), String> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let new = path.with_file_name(name);
    let written = File::create(&new).and_then(|mut file| file.write_all(text));
    written.and_then(|()| fs::rename(&new, path)).map_err(|error| {
        // The failure that is reported is the first one.
        let _ = fs::remove_file(&new);
        failed("written", path)(error)
    })
}

/// Copies a file of the course, unless its place has the same text already. What else is there
/// (`file` is its path within the exercise) goes to the backup. Whether something was written.
pub(super) fn put(
    from: &Path,
    to: &Path,
    file: &Path,
    backup: &mut Backup,
) -> Result<bool, String> {
    let text = fs::read(from).map_err(failed("read", from))?;
    match fs::symlink_metadata(to) {
        Ok(there) if there.is_file() && there.len() == text.len() as u64 => {
            if fs::read(to).is_ok_and(|there| there == text) {
                return Ok(false);
            }
            backup.keep(to, file)?;
        }
        Ok(_) => backup.keep(to, file)?,
        // The folder is one of ours, or a file stands in its place.
        Err(_) => {
            let folder = to.parent().unwrap_or(to);
            if fs::symlink_metadata(folder).is_ok() && !folder.is_dir() {
                backup.keep(folder, file.parent().unwrap_or(file))?;
            }
            fs::create_dir_all(folder).map_err(failed("made", folder))?;
        }
    }
    write(to, &text).map(|()| true)
}

/// The next `work/backup/NAME-N`, which is made when there is something to keep.
#[derive(Debug)]
pub(crate) struct Backup {
    folder: PathBuf,
    name: String,
    made: Option<PathBuf>,
    first: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn of(work: &Path, name: &str) -> Self {
        Self { folder: work.join("backup"), name: name.into(), made: None, first: None }
    }

    /// Moves a file or a folder away, as `path` within the backup. A rename, so that whatever it
    /// is, and however large, it stays as it is.
    pub(super) fn keep(&mut self, from: &Path, path: &Path) -> Result<(), String> {
        let folder = match self.made.take() {
            Some(folder) => folder,
            None => self.make()?,
        };
        let to = folder.join(path);
        let parent = to.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(failed("made", parent))?;
        fs::rename(from, &to).map_err(failed("moved to work/backup", from))?;
        self.first.get_or_insert_with(|| path.into());
        self.made = Some(folder);
        Ok(())
    }

    /// Where something was kept, and the first thing that was.
    pub(super) fn kept(&self) -> Option<(&Path, &Path)> {
        self.made.as_deref().zip(self.first.as_deref())
    }

    /// mkdir(2) says by itself who was first, if two of us are at it.
    fn make(&self) -> Result<PathBuf, String> {
        fs::create_dir_all(&self.folder).map_err(failed("made", &self.folder))?;
        for number in 1..=u32::MAX {
            let folder = self.folder.join(format!("{}-{number}", self.name));
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|()| folder.clone()).map_err(failed("made", &folder)),
            }
        }
        Err(format!("{} is full", self.folder.display()))
    }
}
