//! mq_notify(3): the kernel says that a message has come. The notes call signals the only
//! asynchronous IPC; here it is the queue that is asynchronous, and a signal is one way of many
//! to hear of it (a thread, a descriptor in poll, SIGIO, io_uring are others).

use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigEvent, SigSet, SigevNotify, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::queue::Queue;

pub(crate) fn run() -> Outcome {
    let queue = Queue::new("notify", 4)?;
    // The signal is kept back and counted (day 7 has more), so that nothing is interrupted here.
    let mut wanted = SigSet::empty();
    wanted.add(Signal::SIGUSR1);
    wanted.thread_block()?;
    let signals = SignalFd::with_flags(&wanted, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let mut log = Vec::new();

    register(&queue)?;
    let again = register(&queue);
    log.push(("a message into the empty queue", sent(&queue, &signals)?));
    // Once told is unregistered: whoever wants to hear more registers again, BEFORE he empties
    // the queue.
    log.push(("a second one, not registered", sent(&queue, &signals)?));
    register(&queue)?;
    log.push(("a third one, registered, not empty", sent(&queue, &signals)?));
    for _ in 0..3 {
        queue.receive()?;
    }
    log.push(("the next one into the empty queue", sent(&queue, &signals)?));
    wanted.thread_unblock()?;

    let mut out = io::stdout();
    writeln!(out, "mq_notify by SIGUSR1; a second registration: {again:?}")?;
    for (when, count) in log {
        writeln!(out, "  {when}: {count}")?;
    }
    Ok(())
}

/// How many signals come with a message.
fn sent(queue: &Queue, signals: &SignalFd) -> Outcome<usize> {
    queue.send("news", 0)?;
    let mut count = 0;
    while signals.read_signal()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// Neither nix nor libc has mq_notify, so it is called by its number.
fn register(queue: &Queue) -> nix::Result<()> {
    let notify = SigevNotify::SigevSignal { signal: Signal::SIGUSR1, si_value: 0 };
    let event = SigEvent::new(notify).sigevent();
    let fd = queue.fd().as_raw_fd();
    // SAFETY: the call takes a descriptor and a pointer to a sigevent that lives here, and reads
    // it. A signal is all that comes of it.
    let done = unsafe { libc::syscall(libc::SYS_mq_notify, fd, &raw const event) };
    Errno::result(done).map(drop)
}
