//! Ways to say something.

use std::fs::File;
use std::io::{IoSlice, Read as _, Seek as _, Write as _, stderr, stdin, stdout};

use crate::Done;

/// A line, in one call.
pub(crate) fn say(text: &str) -> Done {
    Ok(stdout().write_all(format!("{text}\n").as_bytes())?)
}

/// Ten thousand lines of a hundred bytes, and one line of complaint.
pub(crate) fn lines() -> Done {
    for n in 0..10_000 {
        say(&format!("{n:>99}"))?;
    }
    Ok(stderr().write_all(b"enough\n")?)
}

/// Ten megabytes in one call.
pub(crate) fn megabytes() -> Done {
    let mut out = File::from(std::os::fd::AsFd::as_fd(&stdout()).try_clone_to_owned()?);
    out.write_all(&vec![b'x'; 10 << 20])?;
    say("that was all")
}

/// Fifty megabytes, one at a time.
pub(crate) fn flood() -> Done {
    let mut out = File::from(std::os::fd::AsFd::as_fd(&stdout()).try_clone_to_owned()?);
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..50 {
        out.write_all(&megabyte)?;
    }
    Ok(())
}

/// A vector.
pub(crate) fn vectors() -> Done {
    let out = File::from(std::os::fd::AsFd::as_fd(&stdout()).try_clone_to_owned()?);
    let written = (&out).write_vectored(&[IoSlice::new(b"one "), IoSlice::new(b"two\n")])?;
    if written == 8 { Ok(()) } else { Err("only a part was written".into()) }
}

/// From a file, without passing through the program.
pub(crate) fn sendfile() -> Done {
    let path = std::env::temp_dir().join(format!("odd-{}", std::process::id()));
    let mut file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(&path)?;
    file.write_all(b"sent by the kernel\n")?;
    file.rewind()?;
    nix::sys::sendfile::sendfile(stdout(), &file, None, 100)?;
    Ok(())
}

/// A character in two calls.
pub(crate) fn characters() -> Done {
    let mut out = File::from(std::os::fd::AsFd::as_fd(&stdout()).try_clone_to_owned()?);
    for part in "€\n".as_bytes().chunks(2) {
        out.write_all(part)?;
    }
    Ok(())
}

/// What it is given.
pub(crate) fn echo_input() -> Done {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    say(&text)
}
