//! A program that forbids others to look into it, in the middle of its work (PR_SET_DUMPABLE).

use std::io::{Read as _, Write as _};

fn main() -> std::io::Result<()> {
    let (mut reader, mut writer) = std::io::pipe()?;
    writer.write_all(b"before")?;
    // SAFETY: PR_SET_DUMPABLE takes an integer.
    unsafe { nix::libc::prctl(nix::libc::PR_SET_DUMPABLE, 0) };
    writer.write_all(b" and behind")?; // written by a shy program
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    writeln!(std::io::stdout(), "{text}")
}
