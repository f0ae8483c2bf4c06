//! Each way to end, with the same three things pending: a text in std's buffer, a text in a
//! buffer of our own, and a destructor.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::os::fd::AsFd as _;
use std::process::exit;
use std::sync::atomic::{AtomicU8, Ordering};

use cli::{Outcome, Usage};
use nix::libc;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

use crate::sigchld;

pub(crate) const WAYS: &[&str] = &[
    "return",
    "code",
    "error",
    "exit",
    "exit263",
    "_exit",
    "panic",
    "SIGTERM",
    "fork+return",
    "fork+panic",
    "fork+exit",
    "fork+_exit",
];

static CODE: AtomicU8 = AtomicU8::new(0);

/// What main is to return, if somebody has asked for it.
pub(crate) fn code_of_main() -> Option<u8> {
    Some(CODE.load(Ordering::Relaxed)).filter(|&code| code != 0)
}

/// A destructor that can be heard. It calls write(2) itself, past all buffers.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = nix::unistd::write(io::stdout(), b"destructor\n");
    }
}

pub(crate) fn end(way: &str) -> Outcome {
    if !WAYS.contains(&way) {
        return Err(Usage(format!("no way is called '{way}': {}", WAYS.join(", "))).into());
    }
    let _guard = Guard;
    // std's stdout is written at each end of line. This text has none, so it stays where it is.
    write!(io::stdout(), "std's ")?;
    // A buffer of our own is written by its destructor, if that runs.
    let mut own = BufWriter::new(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    write!(own, "our own ")?;

    // With "fork+" it is a child that ends like this, and its parent then returns the same code.
    let (forks, way) = way.strip_prefix("fork+").map_or((false, way), |way| (true, way));
    if forks {
        sigchld::default()?;
        // SAFETY: this program has one thread, so the child finds no lock that nobody will open.
        if let ForkResult::Parent { child } = unsafe { fork() }? {
            if let WaitStatus::Exited(_, code) = waitpid(child, None)? {
                CODE.store(u8::try_from(code)?, Ordering::Relaxed);
            }
            return Ok(());
        }
    }
    match way {
        // sys.exit("text") of the notes: the text to standard error, and status 1.
        "error" => return Err("this is the one sentence".into()),
        "code" => CODE.store(7, Ordering::Relaxed),
        // Nothing on the stack is dropped. There is no exception that somebody could catch.
        "exit" => exit(7),
        "exit263" => exit(263),
        // SAFETY: _exit takes an integer and does not return.
        "_exit" => unsafe { libc::_exit(7) },
        "panic" => panic!("the mistake on show"),
        "SIGTERM" => raise(Signal::SIGTERM)?,
        _ => {}
    }
    Ok(())
}
