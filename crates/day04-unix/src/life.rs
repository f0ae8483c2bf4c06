//! The life of a socket file: longer than that of its socket.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};

use cli::Outcome;
use nix::errno::Errno;

use crate::scratch::Scratch;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let scratch = Scratch::new()?;
    let path = scratch.path().join("socket");

    drop(UnixListener::bind(&path)?);
    writeln!(out, "bound and closed; the file is there: {}", path.try_exists()?)?;
    writeln!(out, "  bind again   {}", answer(UnixListener::bind(&path)))?;
    writeln!(out, "  connect      {}", answer(UnixStream::connect(&path)))?;
    // unlink(2), which Python also calls os.remove. "Is it there? Then remove it" are two steps,
    // and the file may go in between: remove it, and take NotFound for done.
    writeln!(out, "  remove       {}", answer(fs::remove_file(&path)))?;
    writeln!(out, "  remove again {}", answer(fs::remove_file(&path)))?;
    writeln!(out, "  connect      {}", answer(UnixStream::connect(&path)))?;

    // sockaddr_un has room for 108 bytes, and the last one is the end of the string. What is too
    // long std refuses itself.
    for length in [107_usize, 108] {
        let have = scratch.path().as_os_str().len() + 1;
        let name = length.checked_sub(have).ok_or("the temporary directory's path is too long")?;
        let path = scratch.path().join("n".repeat(name));
        writeln!(out, "a path of {length} bytes: {}", answer(UnixListener::bind(&path)))?;
    }
    Ok(())
}

fn answer<T>(done: io::Result<T>) -> String {
    match done.map_err(|error| (error.kind(), error.raw_os_error())) {
        Ok(_) => "Ok".into(),
        Err((kind, Some(number))) => format!("{kind:?}, {:?}", Errno::from_raw(number)),
        Err((kind, None)) => format!("{kind:?}, without asking the kernel"),
    }
}
