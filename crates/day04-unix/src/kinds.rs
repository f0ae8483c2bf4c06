//! The first letter of `ls -l`.

use std::fs::{self, File, FileType};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use cli::Outcome;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::scratch::Scratch;

pub(crate) fn run() -> Outcome {
    let scratch = Scratch::new()?;
    let at = |name| scratch.path().join(name);
    File::create_new(at("file"))?;
    symlink(at("file"), at("link"))?;
    symlink(at("nothing"), at("broken"))?;
    // p is a FIFO, a pipe with a name. The pipe of a shell's | has none.
    mkfifo(&at("fifo"), Mode::S_IRUSR | Mode::S_IWUSR)?;
    let _socket = UnixListener::bind(at("socket"))?;

    row("a regular file", &at("file"))?;
    row("a directory", scratch.path())?;
    row("a symbolic link", &at("link"))?;
    row("a broken link", &at("broken"))?;
    row("a FIFO", &at("fifo"))?;
    row("a socket", &at("socket"))?;
    row("a character device", Path::new("/dev/null"))?;
    // A disk. Not every machine shows one.
    let mut devices = fs::read_dir("/dev")?.flatten();
    let is_block = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|t| t.is_block_device());
    match devices.find(is_block) {
        Some(device) => row("a block device", &device.path()),
        None => Ok(writeln!(io::stdout(), "no block device in /dev")?),
    }
}

fn row(what: &str, path: &Path) -> Outcome {
    // lstat(2) asks the file itself; metadata is stat(2) and asks what the link leads to. And
    // "exists" follows as well: it is false for a broken link that is in the directory.
    let own = letter(fs::symlink_metadata(path)?.file_type());
    let followed = fs::metadata(path)
        .map_or_else(|e| format!("{:?}", e.kind()), |m| letter(m.file_type()).into());
    let exists = path.try_exists()?;
    writeln!(io::stdout(), "{own}  {what:<19} followed: {followed:<8}  exists: {exists}")?;
    Ok(())
}

fn letter(kind: FileType) -> char {
    match kind {
        kind if kind.is_dir() => 'd',
        kind if kind.is_symlink() => 'l',
        kind if kind.is_fifo() => 'p',
        kind if kind.is_socket() => 's',
        kind if kind.is_char_device() => 'c',
        kind if kind.is_block_device() => 'b',
        _ => '-',
    }
}
