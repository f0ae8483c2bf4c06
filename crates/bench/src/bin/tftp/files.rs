//! What is served: files in a temporary directory, and nginx's configuration beside them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;

use cli::Outcome;
use tempfile::TempDir;

use crate::peer::{How, Peer};

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// Some bytes, to ask whether anybody is there.
    Small,
    /// For one of many clients.
    Part,
    /// For one client by UDP.
    Whole,
    /// For TCP. It has no blocks on the disk: they would be written while others are measured. Once
    /// read, it is in the page cache like any other.
    Huge,
}

#[derive(Debug)]
pub(crate) struct Files {
    temporary: TempDir,
    whole: Vec<u8>,
    /// Bytes of [`Name::Part`].
    part: usize,
    /// Bytes of [`Name::Huge`].
    pub(crate) huge: u64,
}

impl Name {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Part => "part",
            Self::Whole => "whole",
            Self::Huge => "huge",
        }
    }
}

impl Files {
    pub(crate) fn new(whole: usize, part: usize, huge: u64) -> Outcome<Self> {
        let temporary = tempfile::Builder::new().prefix("bench-tftp-").tempdir()?;
        let files = Self { temporary, whole: noise(whole), part, huge };
        fs::create_dir(files.folder())?;
        for name in [Name::Small, Name::Part, Name::Whole] {
            fs::write(files.path(name), files.content(name))?;
        }
        File::create(files.path(Name::Huge))?.set_len(huge)?;
        Ok(files)
    }

    fn folder(&self) -> PathBuf {
        self.temporary.path().join("files")
    }

    fn path(&self, name: Name) -> PathBuf {
        self.folder().join(name.text())
    }

    /// What is in it; of the huge one, nobody looks.
    pub(crate) fn content(&self, name: Name) -> &[u8] {
        match name {
            Name::Small => &self.whole[..100],
            Name::Part => &self.whole[..self.part],
            Name::Whole => &self.whole,
            Name::Huge => &[],
        }
    }

    /// What this server serves.
    pub(crate) fn place(&self, peer: Peer, address: SocketAddr) -> Outcome<PathBuf> {
        match peer.how() {
            How::Ours | How::Tftp => Ok(self.folder()),
            How::Once => Ok(self.path(Name::Huge)),
            How::Http => {
                let path = self.temporary.path().join("nginx.conf");
                fs::write(&path, self.nginx(address)?)?;
                Ok(path)
            }
        }
    }

    /// One process, which is the worker, and nothing outside the temporary directory.
    fn nginx(&self, address: SocketAddr) -> Outcome<String> {
        let (here, folder) = (self.temporary.path().display(), self.folder());
        let mut text = format!(
            "daemon off; master_process off; pid {here}/nginx.pid; error_log stderr crit;\n\
             events {{ worker_connections 64; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on;\n"
        );
        for what in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            writeln!(text, "{what}_temp_path {here}/{what};")?;
        }
        writeln!(text, "server {{ listen {address}; root {}; }} }}", folder.display())?;
        Ok(text)
    }
}

/// Bytes that are nowhere like those a block further on (SplitMix64).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bytes.extend_from_slice(&(mixed ^ (mixed >> 27)).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
