//! The workspace that all variants are built in: `course/verify` in cargo's own target folder, one
//! package for each. A file is written only when it is not so already, so that cargo builds what has
//! changed and nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::variant::Variant;
use crate::exercise::Exercise;
use crate::work::manifest::with_members;
use crate::work::{failed, write};

/// The workspace.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) folder: PathBuf,
    /// The course's folder, which paths in manifests lead to.
    root: PathBuf,
}

impl Scratch {
    /// Below this target folder.
    pub(super) fn of(root: &Path, target: &Path) -> Self {
        Self { folder: target.join("course/verify"), root: root.into() }
    }

    /// Makes it the workspace of these variants.
    ///
    /// # Errors
    /// A sentence: what cannot be read or written, and why.
    pub(super) fn fill(&self, exercises: &[Exercise], variants: &[Variant]) -> Result<(), String> {
        let from = self.root.join("exercises");
        let manifest = read(&from.join("Cargo.toml"))?;
        let members: Vec<_> = variants.iter().map(|variant| variant.package.clone()).collect();
        let manifest =
            with_members(&self.with_root(&manifest, "../")?, &members).ok_or_else(|| {
                format!("{} has no list of members", from.join("Cargo.toml").display())
            })?;
        put(&self.folder.join("Cargo.toml"), manifest.as_bytes())?;
        self.lock(&from.join("Cargo.lock"))?;
        variants.iter().try_for_each(|variant| self.package(&exercises[variant.exercise], variant))
    }

    fn package(&self, exercise: &Exercise, variant: &Variant) -> Result<(), String> {
        let folder = self.folder.join(&variant.package);
        let manifest = read(&exercise.folder.join("Cargo.toml"))?;
        let manifest = self.with_root(&manifest, "../../../")?;
        let (old, new) = (&exercise.name, &variant.package);
        let renamed =
            manifest.replacen(&format!("name = \"{old}\""), &format!("name = \"{new}\""), 1);
        put(&folder.join("Cargo.toml"), renamed.as_bytes())?;
        put(&folder.join("src/lib.rs"), variant.text.as_bytes())?;
        copy(&exercise.folder.join("tests"), &folder.join("tests"))
    }

    /// Paths of the course's crates, from wherever the target folder is.
    fn with_root(&self, manifest: &str, up: &str) -> Result<String, String> {
        let root =
            self.root.to_str().ok_or("a path that is not UTF-8 cannot stand in a manifest")?;
        let root = root.replace('\\', "\\\\").replace('"', "\\\"");
        Ok(manifest.replace(&format!("\"{up}"), &format!("\"{root}/")))
    }

    /// The versions of the exercises' lock; cargo adds the variants to it.
    fn lock(&self, from: &Path) -> Result<(), String> {
        let lock = match fs::read(from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            read => read.map_err(failed("read", from))?,
        };
        if put(&self.folder.join("Cargo.lock.course"), &lock)? {
            write(&self.folder.join("Cargo.lock"), &lock)?;
        }
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let entries = fs::read_dir(from).map_err(failed("read", from))?;
    for entry in entries {
        let entry = entry.map_err(failed("read", from))?;
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            let text = fs::read(entry.path()).map_err(failed("read", from))?;
            put(&to, &text)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(failed("read", path))
}

/// Whether it was not so already.
fn put(path: &Path, text: &[u8]) -> Result<bool, String> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("made", folder))?;
    }
    write(path, text).map(|()| true)
}
