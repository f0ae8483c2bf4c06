//! Which bytes are a name at all. What lies behind a name is the kernel's to say.

use crate::{Error, Result};

/// The longest name that open(2) takes, with the NUL at its end (PATH_MAX of linux/limits.h).
const PATH_MAX: usize = 4096;

/// Whether this may be resolved beneath a folder. `//` and `/./` mean what they mean everywhere;
/// `..` is refused even where it would stay inside, because no honest client needs it.
///
/// # Errors
/// [`Error::BadName`]: empty, absolute, a NUL, a `..`, longer than the kernel takes.
pub(crate) fn check(name: &[u8]) -> Result<()> {
    let upwards = || name.split(|&byte| byte == b'/').any(|part| part == b"..");
    let too_long = name.len() >= PATH_MAX;
    if name.is_empty() || too_long || name.starts_with(b"/") || name.contains(&0) || upwards() {
        return Err(Error::BadName);
    }
    Ok(())
}

/// The folder and the name in it: `a/b/c` is `c` in `a/b`, and `c` is `c` in `.`.
///
/// # Errors
/// [`Error::BadName`]: as [`check`], and when the last part can only be a folder.
pub(crate) fn split(name: &[u8]) -> Result<(&[u8], &[u8])> {
    check(name)?;
    let (folder, last) = match name.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (&name[..slash], &name[slash + 1..]),
        None => (&b"."[..], name),
    };
    if last.is_empty() || last == b"." { Err(Error::BadName) } else { Ok((folder, last)) }
}
