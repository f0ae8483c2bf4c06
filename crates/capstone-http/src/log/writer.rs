//! A file of lines that nobody waits for: a disk may be slow or full, the reader of a pipe may
//! sleep. Lines for which there is no room are counted, and never waited for.
//!
//! With threads, a line is put into memory, and a thread of its own writes what has gathered there.
//! A forked child has no such thread and serves one client: it writes itself, if that is possible at
//! once.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// So many bytes of lines may wait.
const ROOM: usize = 1 << 20;

/// So long lines gather before they are written: one write(2) for all of them.
const GATHER: Duration = Duration::from_millis(50);

/// At the end: how long the last lines may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where lines go. It is opened with O_APPEND, so that it may be renamed, and cut short, meanwhile.
#[derive(Debug)]
pub enum AccessLog {
    /// Each line by a write(2) of its own, which is not tried when it would wait.
    Direct(File),
    /// By a thread.
    Behind(Writer),
}

/// A thread that writes.
#[derive(Debug)]
pub struct Writer {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// What it has before it.
#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
    lost: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<u8>,
    over: bool,
    done: bool,
}

impl AccessLog {
    /// Writes from the threads that serve.
    pub fn direct(file: File) -> Self {
        Self::Direct(file)
    }

    /// Starts the thread. It tells when lines cannot be written, and why; and when they can be again,
    /// and how many were lost.
    ///
    /// # Errors
    /// EAGAIN: there are too many threads.
    pub fn behind(
        file: File,
        tell: impl Fn(Result<u64, &io::Error>) + Send + 'static,
    ) -> io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let his = Arc::clone(&desk);
        let write = move || his.write(file, tell);
        let thread = thread::Builder::new().name("log".into()).spawn(write)?;
        Ok(Self::Behind(Writer { desk, thread: Some(thread) }))
    }

    /// Takes a line with its end. False when there was no room for it.
    pub fn push(&self, line: &[u8]) -> bool {
        match self {
            Self::Direct(file) => {
                let mut fds = [PollFd::new(file.as_fd(), PollFlags::POLLOUT)];
                // Files are always ready; a pipe is, as long as it has room for PIPE_BUF bytes.
                poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
                    && (&*file).write_all(line).is_ok()
            }
            Self::Behind(Writer { desk, .. }) => {
                let mut state = desk.state();
                let has_room = line.len() <= ROOM - state.lines.len();
                if has_room {
                    state.lines.extend_from_slice(line);
                    if state.lines.len() == line.len() {
                        desk.changed.notify_all();
                    }
                }
                has_room
            }
        }
    }

    /// Lines that had been taken and could not be written.
    pub fn lost(&self) -> u64 {
        match self {
            Self::Direct(_) => 0,
            Self::Behind(writer) => writer.desk.lost.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Writer {
    /// Waits for the last lines, for a moment. A thread that sleeps in a write(2) is left behind.
    fn drop(&mut self) {
        let mut state = self.desk.state();
        state.over = true;
        self.desk.changed.notify_all();
        let waited = self.desk.changed.wait_timeout_while(state, FAREWELL, |state| !state.done);
        let is_done = waited.unwrap_or_else(PoisonError::into_inner).0.done;
        if let Some(thread) = self.thread.take().filter(|_| is_done) {
            // It has nothing left to do, and does not panic.
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut file: File, tell: impl Fn(Result<u64, &io::Error>)) {
        // Of a time in which nothing can be written, until it is over.
        let mut lost = 0;
        let mut lines = Vec::with_capacity(ROOM);
        loop {
            let mut state = self.state();
            while state.lines.is_empty() && !state.over {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if !state.over {
                let gathered = self.changed.wait_timeout_while(state, GATHER, |state| !state.over);
                state = gathered.unwrap_or_else(PoisonError::into_inner).0;
            }
            std::mem::swap(&mut lines, &mut state.lines);
            let over = state.over;
            drop(state);
            match file.write_all(&lines) {
                Err(error) => {
                    let count = lines.split(|&byte| byte == b'\n').count() as u64 - 1;
                    self.lost.fetch_add(count, Ordering::Relaxed);
                    if lost == 0 {
                        tell(Err(&error));
                    }
                    lost += count;
                }
                Ok(()) if lost > 0 => tell(Ok(std::mem::take(&mut lost))),
                Ok(()) => {}
            }
            lines.clear();
            if over {
                self.state().done = true;
                self.changed.notify_all();
                return;
            }
        }
    }
}
