//! Calls that wait for so long and no longer.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, mpsc};
use std::thread::spawn;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{SaFlags, SigSet, Signal};
use nix::sys::socket::{setsockopt, sockopt};
use nix::sys::time::{TimeVal, TimeValLike as _};

use crate::Done;
use crate::output::say;
use crate::signals::{after, handle};

const LIMIT: Duration = Duration::from_millis(30);

fn spec(limit: Duration) -> libc::timespec {
    libc::timespec { tv_sec: 0, tv_nsec: limit.subsec_nanos().into() }
}

/// What comes of a call, and that it has taken its time.
fn tell(name: &str, call: impl FnOnce() -> Result<i64, Errno>) -> Done {
    let begin = Instant::now();
    let result = call();
    say(&format!("{name}: {result:?}, in time: {}", begin.elapsed() < LIMIT))
}

fn poll(fd: RawFd, limit: Duration) -> Result<i64, Errno> {
    let mut fds = [libc::pollfd { fd, events: libc::POLLIN, revents: libc::POLLERR }];
    let millis = i32::try_from(limit.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: one pollfd, valid for the call.
    let result = Errno::result(unsafe { libc::poll(fds.as_mut_ptr(), 1, millis) })?;
    Ok(i64::from(result) * 100 + i64::from(fds[0].revents))
}

/// Gives what is left in the set and of the time, by the kernel's own call: libc's hides it.
fn select(fd: RawFd, limit: Duration) -> Result<i64, Errno> {
    let mut set = [1_u64 << fd, u64::MAX];
    let mut left = spec(limit);
    let none = std::ptr::null::<u8>();
    // SAFETY: a set of 64 descriptors, no others, a timespec, and no mask.
    let result = unsafe {
        libc::syscall(libc::SYS_pselect6, 64, &raw mut set, none, none, &raw mut left, none)
    };
    let result = Errno::result(result)?;
    let rest = i64::from(set[0] != 0) * 10 + i64::from(set[1] != u64::MAX);
    Ok(result * 10_000 + rest * 100 + left.tv_nsec / 1_000_000)
}

/// Nobody comes.
pub(crate) fn limits() -> Done {
    let (one, _other) = UnixStream::pair()?;
    let fd = one.as_raw_fd();
    tell("poll", || poll(fd, LIMIT))?;
    tell("select", || select(fd, LIMIT))?;
    tell("not at all", || poll(fd, Duration::ZERO))?;
    let (lock, changed) = (Mutex::new(()), Condvar::new());
    tell("futex", || {
        let guard = lock.lock().map_err(|_| Errno::EINVAL)?;
        let waited = changed.wait_timeout(guard, LIMIT).map_err(|_| Errno::EINVAL)?;
        Ok(waited.1.timed_out().into())
    })?;
    tell("signal", || {
        let set = SigSet::from(Signal::SIGUSR2);
        set.thread_block()?;
        let limit = spec(LIMIT);
        let info = std::ptr::null_mut();
        // SAFETY: a set and a timespec, valid for the call, and no siginfo is wanted.
        let taken = unsafe { libc::sigtimedwait(set.as_ref(), info, &raw const limit) };
        Errno::result(taken).map(i64::from)
    })?;
    one.set_read_timeout(Some(LIMIT))?;
    let failed = |error: std::io::Error| Errno::from_raw(error.raw_os_error().unwrap_or(0));
    let read = || (&one).read(&mut [0]).map_err(failed).map(|_| 0);
    tell("read", read)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    setsockopt(&listener, sockopt::ReceiveTimeout, &TimeVal::milliseconds(30))?;
    tell("accept", || listener.accept().map_err(failed).map(|_| 0))?;
    one.set_write_timeout(Some(LIMIT))?;
    tell("write", || {
        loop {
            (&one).write(&[0; 4096]).map_err(failed)?;
        }
    })?;
    say(&format!("the limit is {:?}", one.read_timeout()?))
}

/// What comes in time for a machine that is fast comes always: it has come when nobody moves.
pub(crate) fn in_time() -> Done {
    let (mut reader, mut writer) = UnixStream::pair()?;
    reader.set_read_timeout(Some(Duration::from_millis(1)))?;
    let (told, news) = mpsc::channel();
    let peer = spawn(move || -> Done {
        for _ in 0..5 {
            // It has much to do.
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_millis(5) {}
            writer.write_all(b"x")?;
            told.send(writer.read_timeout()?)?;
        }
        Ok(())
    });
    for _ in 0..5 {
        let read = reader.read(&mut [0])?;
        say(&format!("{read} {:?}", news.recv_timeout(Duration::from_millis(1))?))?;
    }
    peer.join().map_err(|_| "a thread has panicked")?
}

/// A handler ends what has a limit, even with SA_RESTART; what has none goes on.
pub(crate) fn cut_short() -> Done {
    handle(Signal::SIGUSR1, SaFlags::SA_RESTART)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut stream = TcpStream::connect(listener.local_addr()?)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    after(20, Signal::SIGUSR1)?;
    say(&format!("{:?}", stream.read(&mut [0]).map_err(|error| error.kind())))?;
    nix::sys::wait::wait()?;
    after(20, Signal::SIGUSR1)?;
    let left = select(stream.as_raw_fd(), Duration::from_millis(900));
    say(&format!("{left:?}"))?;
    nix::sys::wait::wait()?;
    say(&format!("the limit is {:?}", stream.read_timeout()?))
}
