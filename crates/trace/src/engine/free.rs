//! Everybody at full speed, and the end of a tracer.

use std::time::{Duration, Instant};

use syscall::{Deadline, Errno};

use super::hang::Hung;
use super::sleep::wait_of;
use super::tracee::{Motion, Until};
use super::{Error, Pace, Tracer};
use crate::step::Step;
use crate::task::Task;

/// The longest pause between two looks for reports.
const PAUSE: Duration = Duration::from_micros(500);
/// Looks without a pause: most reports come within microseconds.
const SPINS: u32 = 50;
/// So long the dying may take.
const DYING: Duration = Duration::from_secs(5);

impl Tracer {
    /// Lets everybody run at full speed until all have ended, and hands over each step. Nobody is
    /// told to be blocked, time is real, and no step tells what the kernel holds.
    ///
    /// When the limit passes, gives where everybody is, and kills them. When [`Options::stop`]
    /// says so, comes back while they still run: then [`Tracer::end`] is `None`, and dropping the
    /// tracer ends them.
    ///
    /// [`Options::stop`]: crate::Options::stop
    ///
    /// # Errors
    /// A failed call of the tracer's own.
    pub fn run(&mut self, limit: Duration, mut sink: impl FnMut(Step)) -> Result<Vec<Hung>, Error> {
        self.pace = Pace::Free;
        self.spread();
        let mut deadline = Deadline::after(limit);
        let mut hung = None;
        let mut idle = 0_u32;
        loop {
            self.let_all_go()?;
            let news = self.collect()?;
            self.close();
            while let Some(step) = self.script.next() {
                sink(step);
            }
            if self.tasks.is_empty() || self.is_told_to_stop() {
                return Ok(hung.unwrap_or_default());
            }
            if deadline.has_passed() {
                if let Some(hung) = hung {
                    return Ok(hung);
                }
                hung = Some(self.where_all());
                self.kill_all();
                deadline = Deadline::after(DYING);
            }
            idle = if news { 0 } else { idle.saturating_add(1) };
            if idle > SPINS {
                let pause = Duration::from_micros(u64::from(idle - SPINS));
                std::thread::sleep(pause.min(PAUSE));
            } else if idle > 0 {
                std::thread::yield_now();
            }
        }
    }

    /// All but those whose delay is not over.
    fn let_all_go(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        for id in self.tasks.ids() {
            let Some(tracee) = self.tasks.get(id) else { continue };
            match tracee.motion {
                Motion::Held(_) => self.let_go(id)?,
                Motion::Waiting(Until::Real(moment)) if moment > now => {}
                Motion::Waiting(_) => {
                    self.wake(id);
                    self.let_go(id)?;
                }
                // The sleeps and limits of the steps before are over when it is time.
                Motion::Going(_)
                    if wait_of(tracee)
                        .is_some_and(|wait| wait.moment.is_none_or(|moment| moment <= now)) =>
                {
                    self.wake(id);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn kill_all(&self) {
        for (pid, _) in self.tasks.processes() {
            // SAFETY: no pointers. A process in the table was not waited for, so the number is
            // its own.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    }
}

impl Drop for Tracer {
    /// Kills and reaps all tasks.
    fn drop(&mut self) {
        let end = Deadline::after(DYING);
        if let Some(id) = self.tasks.named(Task::FIRST)
            && let Some(first) = self.tasks.get(id)
        {
            // SAFETY: no pointers. The group that it was started as the leader of: it was not
            // waited for, so the number is its own. This reaches those who were born and whose
            // parent was killed before it could say so.
            unsafe { libc::kill(-first.pid, libc::SIGKILL) };
        }
        while !self.tasks.is_empty() && !end.has_passed() {
            // Again and again, for those who were born in the meantime.
            self.kill_all();
            match self.collect() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(Duration::from_micros(50)),
                Err(Error::Call(error)) if error.errno() == Errno::ECHILD => return,
                Err(_) => return,
            }
        }
    }
}
