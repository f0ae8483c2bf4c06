//! The flags of real descriptors: fcntl(F_GETFL), decoded.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "what fcntl(F_GETFL) says")?;
    let (reader, writer) = io::pipe()?;
    show("a pipe's reading end", &reader)?;
    show("a pipe's writing end", &writer)?;
    show("a file opened to read", File::open("/dev/null")?)?;
    let log = File::options().append(true).open("/dev/null")?;
    show("a file opened to append", &log)?;
    let sync = File::options().write(true).custom_flags(OFlag::O_SYNC.bits()).open("/dev/null")?;
    show("one that waits for the disk", sync)?;
    let (socket, _peer) = UnixStream::pair()?;
    show("a socket", &socket)?;

    // F_SETFL replaces all flags at once: get, change one bit, set. Whoever sets O_NONBLOCK alone
    // clears O_APPEND on the way.
    let flags = status(&log)?;
    fcntl(&log, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    show("append, O_NONBLOCK added", &log)?;
    fcntl(&log, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    show("append, O_NONBLOCK alone", &log)?;
    // Some bits cannot be changed after open, and asking for it is no error.
    fcntl(&log, FcntlArg::F_SETFL(OFlag::O_RDONLY | OFlag::O_EXCL))?;
    show("O_RDONLY asked for", &log)?;

    // FD_CLOEXEC is a flag of the number, not of the open file: it has a call of its own.
    let own = FdFlag::from_bits_truncate(fcntl(&log, FcntlArg::F_GETFD)?);
    let cloexec = own.contains(FdFlag::FD_CLOEXEC);
    let among = status(&log)?.contains(OFlag::O_CLOEXEC);
    writeln!(out, "close-on-exec: by F_GETFD {cloexec}, among the flags of F_GETFL {among}")?;

    // An errno is no set of flags. It is one number out of a list, and its bits mean nothing.
    writeln!(out, "errors are numbers, not sets")?;
    let number = log.as_raw_fd();
    drop(log);
    // SAFETY: the number is closed, which is the mistake on show; fcntl(F_GETFL) looks at the
    // number and does nothing to what may stand behind it.
    let closed = unsafe { BorrowedFd::borrow_raw(number) };
    let errors = [fcntl(closed, FcntlArg::F_GETFL), fcntl(&reader, FcntlArg::F_SETPIPE_SZ(-1))];
    for error in errors.into_iter().filter_map(Result::err) {
        row(error)?;
    }
    let (a, b) = (Errno::EBADF as i32, Errno::EINVAL as i32);
    let (both, name) = (a | b, Errno::from_raw(a | b));
    writeln!(out, "  {a} | {b} = {both}, which is {name:?} and has to do with neither")?;
    Ok(())
}

fn row(errno: Errno) -> io::Result<()> {
    let number = errno as i32;
    writeln!(io::stdout(), "  {number:>3}  {number:08b}  {errno:?}: {}", errno.desc())
}

/// One descriptor: the number as the kernel gives it, in octal as fcntl.h has it, and its parts.
pub(crate) fn show(what: &str, fd: impl AsFd) -> Outcome {
    let flags = status(fd)?;
    writeln!(io::stdout(), "  {what:<28} {:>#9o}  {}", flags.bits(), decode(flags))?;
    Ok(())
}

fn status(fd: impl AsFd) -> nix::Result<OFlag> {
    fcntl(fd, FcntlArg::F_GETFL).map(OFlag::from_bits_retain)
}

/// The two bits of the access mode first, then each flag. O_SYNC is two bits as well, O_DSYNC and
/// one more, so it is tested before its part.
pub(crate) fn decode(flags: OFlag) -> String {
    let mode = match flags & OFlag::O_ACCMODE {
        OFlag::O_RDONLY => "O_RDONLY",
        OFlag::O_WRONLY => "O_WRONLY",
        OFlag::O_RDWR => "O_RDWR",
        // 3 is no mode of open(2); Linux uses it for ioctl alone.
        _ => "O_ACCMODE",
    };
    let mut parts = vec![mode.to_owned()];
    let mut rest = flags - OFlag::O_ACCMODE;
    for (name, flag) in [
        ("O_APPEND", OFlag::O_APPEND),
        ("O_NONBLOCK", OFlag::O_NONBLOCK),
        ("O_SYNC", OFlag::O_SYNC),
        ("O_DSYNC", OFlag::O_DSYNC),
        ("O_ASYNC", OFlag::O_ASYNC),
        ("O_DIRECT", OFlag::O_DIRECT),
        ("O_NOATIME", OFlag::O_NOATIME),
        ("O_DIRECTORY", OFlag::O_DIRECTORY),
        ("O_NOFOLLOW", OFlag::O_NOFOLLOW),
        ("O_PATH", OFlag::O_PATH),
        ("O_LARGEFILE", LARGE),
    ] {
        if rest.contains(flag) {
            parts.push(name.into());
            rest -= flag;
        }
    }
    // Nothing is hidden: a bit without a name is shown as what it is.
    if !rest.is_empty() {
        parts.push(format!("{:#o}", rest.bits()));
    }
    parts.join(" | ")
}

/// On 64 bits every file is "large": the kernel sets the bit by itself, and libc calls it 0.
const LARGE: OFlag =
    OFlag::from_bits_retain(if cfg!(target_arch = "aarch64") { 0o400_000 } else { 0o100_000 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_is_named_once() {
        let bits = OFlag::from_bits_retain;
        assert_eq!(decode(OFlag::empty()), "O_RDONLY");
        assert_eq!(decode(OFlag::O_RDWR | OFlag::O_NONBLOCK), "O_RDWR | O_NONBLOCK");
        assert_eq!(decode(OFlag::O_WRONLY | OFlag::O_SYNC), "O_WRONLY | O_SYNC");
        assert_eq!(decode(OFlag::O_WRONLY | OFlag::O_DSYNC), "O_WRONLY | O_DSYNC");
        assert_eq!(decode(bits(3)), "O_ACCMODE");
        assert_eq!(decode(bits(0o10_000_000_001)), "O_WRONLY | 0o10000000000");
    }
}
