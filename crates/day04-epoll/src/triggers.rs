//! When epoll reports: a state, a change, or once. And what a closed descriptor leaves behind.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use crate::event::{about, names};

/// The same four steps under each trigger.
pub(crate) fn compare() -> Outcome {
    for (name, trigger) in [
        ("level", EpollFlags::empty()),
        ("edge", EpollFlags::EPOLLET),
        ("one-shot", EpollFlags::EPOLLONESHOT),
    ] {
        let (epoll, (ours, theirs)) = (new()?, UnixStream::pair()?);
        let flags = EpollFlags::EPOLLIN | trigger;
        epoll.add(&ours, about(ours.as_raw_fd(), flags))?;
        (&theirs).write_all(b"ab")?;
        say(name, "two bytes have come", &epoll)?;
        say(name, "nobody has read them", &epoll)?;
        (&ours).read_exact(&mut [0])?;
        // By edge this is the lost wake-up: a byte lies there, and nothing will ever tell.
        say(name, "one of them was read", &epoll)?;
        (&theirs).write_all(b"c")?;
        say(name, "another one has come", &epoll)?;
        // Arms a one-shot again; by edge it looks at the descriptor anew.
        epoll.modify(&ours, &mut about(ours.as_raw_fd(), flags))?;
        say(name, "EPOLL_CTL_MOD", &epoll)?;
    }
    Ok(())
}

/// epoll watches open files, not numbers. As long as a dup, here or in a forked child, keeps the
/// file open, closing our descriptor changes nothing, and its number can no longer remove it.
pub(crate) fn stale_dup() -> Outcome {
    let (epoll, (ours, theirs)) = (new()?, UnixStream::pair()?);
    let dup = ours.try_clone()?;
    let number = ours.as_raw_fd();
    epoll.add(&ours, about(number, EpollFlags::EPOLLIN))?;
    drop(ours);
    (&theirs).write_all(b"x")?;
    say("stale", "closed, but a dup is open", &epoll)?;

    // SAFETY: the number is closed, which is the mistake on show: epoll_ctl(2) looks it up and
    // fails with EBADF.
    let closed = unsafe { BorrowedFd::borrow_raw(number) };
    let refused = epoll.delete(closed).err();
    let refused = refused.map_or("it worked".into(), |errno| format!("{errno:?}"));
    writeln!(io::stdout(), "{:<9} {:<27} → {refused}", "stale", "EPOLL_CTL_DEL by its number")?;

    drop(dup);
    say("stale", "the dup is closed as well", &epoll)?;
    Ok(())
}

/// A file that is always ready has nothing to report: EPERM, and not a lost event.
pub(crate) fn refused() -> Outcome {
    for path in ["/proc/self/exe", "/"] {
        let file = std::fs::File::open(path)?;
        let refused = new()?.add(file.as_fd(), EpollEvent::new(EpollFlags::EPOLLIN, 0)).err();
        let refused = refused.map_or("it worked".into(), |errno| format!("{errno:?}"));
        writeln!(
            io::stdout(),
            "{:<9} {:<27} → {refused}",
            "refused",
            format!("EPOLL_CTL_ADD {path}")
        )?;
    }
    Ok(())
}

fn new() -> nix::Result<Epoll> {
    Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)
}

/// One look, without waiting.
fn say(trigger: &str, what: &str, epoll: &Epoll) -> Outcome {
    let mut events = [EpollEvent::empty()];
    let flags = match epoll.wait(&mut events, EpollTimeout::ZERO)? {
        0 => "nothing".into(),
        _ => names(events[0].events()),
    };
    writeln!(io::stdout(), "{trigger:<9} {what:<27} → {flags}")?;
    Ok(())
}
