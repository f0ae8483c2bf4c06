//! What a client can be told to do, in a menu or by a script: list, get, put.
//!
//! - `session.rs`: a connection that is made again when it breaks; `get.rs`, `put.rs`: one file;
//! - `real.rs`: the same by the real TFTP;
//! - `progress.rs`: how far it has come; `interrupt.rs`: Ctrl-C.
//!
//! Each mistake is a sentence that names the file. Names from a server are shown harmlessly, and
//! decide nothing here: see [`local`](crate::local).

mod get;
mod interrupt;
mod progress;
mod put;
mod real;
mod session;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use cli::Outcome;
use service::harmless;

use crate::client::tcp::Listed;
use crate::tftp::options::Ask;
pub use interrupt::{Interrupt, Interrupted};
pub use progress::Progress;
pub use session::Session;

/// A server, and how patient to be with it.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its addresses, of which the first that answers is taken.
    pub servers: Vec<SocketAddr>,
    /// How long to wait for it until it counts as gone.
    pub patience: Duration,
    /// How often to connect again.
    pub retries: u32,
}

/// How to speak the real TFTP.
#[derive(Clone, Copy, Debug)]
pub struct Udp {
    /// Which options to ask for, but for the size.
    pub ask: Ask,
    /// Whether to ask for the size, or to tell it.
    pub tsize: bool,
    /// Text instead of bytes.
    pub netascii: bool,
}

/// `capstone-tftp list`: a line for each file, its size and its name.
///
/// # Errors
/// Nobody answers, or the server refuses.
pub fn list(remote: Remote) -> Outcome {
    let mut session = Session::open(remote, Interrupt::watch()?, false)?;
    show_list(&session.list()?)?;
    session.quit();
    Ok(())
}

/// `capstone-tftp get`.
///
/// # Errors
/// A sentence that names the file; [`Interrupted`].
pub fn get(
    remote: Remote,
    over: Option<&Udp>,
    name: &[u8],
    local: Option<&Path>,
    overwrite: bool,
) -> Outcome {
    if let Some(over) = over {
        return real::get(&remote, over, name, local, overwrite);
    }
    let mut session = Session::open(remote, Interrupt::watch()?, overwrite)?;
    if local == Some(Path::new("-")) {
        session.get_to(name, &mut io::stdout().lock())?;
    } else {
        session.get(name, local)?;
    }
    session.quit();
    Ok(())
}

/// `capstone-tftp put`.
///
/// # Errors
/// A sentence that names the file; [`Interrupted`].
pub fn put(remote: Remote, over: Option<&Udp>, local: &Path, name: Option<&[u8]>) -> Outcome {
    if let Some(over) = over {
        return real::put(&remote, over, local, name);
    }
    let mut session = Session::open(remote, Interrupt::watch()?, false)?;
    session.put(local, name)?;
    session.quit();
    Ok(())
}

/// A line for each file: its size in bytes, its name.
///
/// # Errors
/// Standard output cannot be written to.
pub fn show_list(files: &[Listed]) -> Outcome {
    let mut out = io::stdout().lock();
    for Listed { name, size, .. } in files {
        writeln!(out, "{size:>12}  {}", harmless(name))?;
    }
    Ok(out.flush()?)
}

/// `'notes.txt': there is no such file`
fn about(name: &[u8], why: impl std::fmt::Display) -> String {
    format!("'{}': {why}", harmless(name))
}
