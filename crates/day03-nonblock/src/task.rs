//! What the kernel says about one of our threads (proc(5)).

use std::fs;
use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use cli::Outcome;

/// A thread whose number is known: the kernel calls it a task and shows it in /proc.
pub(crate) struct Task<T> {
    tid: i32,
    handle: JoinHandle<T>,
}

impl<T: Send + 'static> Task<T> {
    pub(crate) fn start(work: impl FnOnce() -> T + Send + 'static) -> Outcome<Self> {
        let (sender, number): (_, Receiver<i32>) = channel();
        let handle = thread::spawn(move || {
            // Only fails when nobody wants to know any more.
            let _ = sender.send(nix::unistd::gettid().as_raw());
            work()
        });
        Ok(Self { tid: number.recv()?, handle })
    }

    /// Its state (R running or ready, S asleep until something happens) and the processor time it
    /// has had, in milliseconds. The kernel counts in steps of 10 ms.
    pub(crate) fn look(&self) -> Outcome<(char, u64)> {
        let text = fs::read_to_string(format!("/proc/self/task/{}/stat", self.tid))?;
        // The name stands in parentheses and may contain blanks: the fields begin behind it.
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split(' ').collect();
        let [_, state, _, _, _, _, _, _, _, _, _, _, user, system, ..] = fields[..] else {
            return Err("/proc has an unknown format".into());
        };
        let ticks = user.parse::<u64>()? + system.parse::<u64>()?;
        Ok((state.chars().next().unwrap_or('?'), ticks * 10))
    }

    /// Waits until it sleeps in this system call (`SYS_…`). There is nothing to wait on, so we
    /// look again and again and give the processor away in between.
    pub(crate) fn until_asleep_in(&self, call: i64) -> Outcome {
        let (start, call) = (Instant::now(), format!("{call} "));
        while start.elapsed() < Duration::from_secs(10) {
            // Where the kernel does not show the call, the state has to do.
            let shown = fs::read_to_string(format!("/proc/self/task/{}/syscall", self.tid));
            if self.look()?.0 == 'S' && shown.map_or(true, |shown| shown.starts_with(&call)) {
                return Ok(());
            }
            thread::yield_now();
        }
        Err("the other thread did not come to its call within ten seconds".into())
    }

    /// What it does and costs in `time`.
    pub(crate) fn watch(&self, time: Duration) -> Outcome<(char, u64)> {
        let before = self.look()?.1;
        // Time is what is measured here, nobody is waited for.
        thread::sleep(time);
        let (state, after) = self.look()?;
        Ok((state, after - before))
    }

    pub(crate) fn join(self) -> io::Result<T> {
        self.handle.join().map_err(|_| io::Error::other("the other thread panicked"))
    }
}
