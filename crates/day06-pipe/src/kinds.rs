//! The kinds of IPC, each as the descriptor that it is, and what comes out when two went in.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::mqueue::{MQ_OFlag, MqAttr, mq_close, mq_open, mq_receive, mq_send, mq_unlink};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::stat::{Mode, SFlag, fstat};

pub(crate) fn run() -> Outcome {
    let title = ["kind", "/proc/self/fd/N leads to", "fstat", "open for", "two in, one read out"];
    row(title.map(String::from))?;

    // The notes call it memory that several processes see. It is a queue of bytes in the kernel,
    // with two descriptors as its only doors.
    let (mut reader, mut writer) = io::pipe()?;
    writer.write_all(b"abc")?;
    writer.write_all(b"de")?;
    let out = text(&mut reader)?;
    show("pipe", &reader, out)?;

    // A kernel object with a name. Messages stay apart, and in front of others by priority.
    let name = format!("/lesson-{}", std::process::id());
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
    let queue = mq_open(&*name, flags, Mode::S_IRUSR, Some(&MqAttr::new(0, 2, 8, 0)))?;
    mq_unlink(&*name)?;
    mq_send(&queue, b"abc", 0)?;
    mq_send(&queue, b"de", 0)?;
    let mut message = [0; 8];
    let n = mq_receive(&queue, &mut message, &mut 0)?;
    show("message queue", &queue, String::from_utf8_lossy(&message[..n]).into())?;
    mq_close(queue)?;

    // Memory has no ends and no order: who writes later writes over it.
    let memory = File::from(memfd_create("lesson", MFdFlags::MFD_CLOEXEC)?);
    memory.write_all_at(b"abc", 0)?;
    memory.write_all_at(b"de", 0)?;
    let mut bytes = [0; 3];
    memory.read_exact_at(&mut bytes, 0)?;
    show("shared memory", &memory, String::from_utf8_lossy(&bytes).into())?;

    // A signal carries its number and nothing else, and two that are pending are one.
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGUSR1);
    signals.thread_block()?;
    let pending = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    raise(Signal::SIGUSR1)?;
    raise(Signal::SIGUSR1)?;
    let mut count = 0;
    while pending.read_signal()?.is_some() {
        count += 1;
    }
    signals.thread_unblock()?;
    show("signal", &pending, format!("SIGUSR1, {count} time"))?;

    // A semaphore is a number; a read takes one away, and sleeps at zero.
    let flags = EfdFlags::EFD_SEMAPHORE | EfdFlags::EFD_CLOEXEC;
    let semaphore = EventFd::from_value_and_flags(0, flags)?;
    semaphore.write(3)?;
    semaphore.write(2)?;
    show("semaphore", &semaphore, format!("{} of 5", semaphore.read()?))?;

    // A socket has both directions in one descriptor, and leads to strangers as well.
    let (mut here, mut there) = UnixStream::pair()?;
    there.write_all(b"abc")?;
    there.write_all(b"de")?;
    let out = text(&mut here)?;
    show("socket (stream)", &here, out)
}

/// One read.
fn text(from: &mut impl io::Read) -> Outcome<String> {
    let mut bytes = [0; 8];
    let n = from.read(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes[..n]).into())
}

fn show(kind: &str, fd: impl AsFd, out: String) -> Outcome {
    let number = fd.as_fd().as_raw_fd();
    let link = fs::read_link(format!("/proc/self/fd/{number}"))?;
    // The numbers of inodes and processes are others on each run.
    let mut plain = String::new();
    for c in link.to_string_lossy().chars() {
        match c {
            '0'..='9' if plain.ends_with('N') => {}
            '0'..='9' => plain.push('N'),
            other => plain.push(other),
        }
    }
    let kind_bits = SFlag::from_bits_truncate(fstat(&fd)?.st_mode) & SFlag::S_IFMT;
    let file = match kind_bits {
        SFlag::S_IFIFO => "FIFO",
        SFlag::S_IFSOCK => "socket",
        SFlag::S_IFREG => "file",
        _ => "no type",
    };
    let flags = OFlag::from_bits_retain(fcntl(&fd, FcntlArg::F_GETFL)?) & OFlag::O_ACCMODE;
    let access = match flags {
        OFlag::O_RDONLY => "read",
        OFlag::O_WRONLY => "write",
        _ => "both",
    };
    row([kind.into(), plain, file.into(), access.into(), out])
}

fn row([kind, link, file, access, out]: [String; 5]) -> Outcome {
    Ok(writeln!(io::stdout(), "{kind:<16} {link:<26} {file:<8} {access:<9} {out}")?)
}
