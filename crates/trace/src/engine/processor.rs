//! One processor for the tracer and all whom it steps.
//!
//! They take turns in any case, and waking somebody on another processor that has fallen asleep
//! takes as long as all that is done for a step; in a virtual machine much longer. So while a
//! program is stepped it shares the processor of its tracer's thread, and does not notice: it is
//! told the processors that it would have without. As soon as it chooses some itself, and at full
//! speed, everybody has them all again.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Tracer;
use super::current::Current;
use crate::sys::{OfProcess, Processors, Tid, processor};

/// What was taken from the tracer's thread.
#[derive(Debug)]
pub(super) struct OneProcessor {
    /// All on which it might run before.
    all: Processors,
    tid: Tid,
}

impl OneProcessor {
    /// Restricts this thread, and so whom it starts from now on, until this is dropped. `None` where
    /// that changes nothing or is not allowed.
    pub(super) fn take() -> Option<Self> {
        // Several tracers are spread over what there is.
        static TRACERS: AtomicUsize = AtomicUsize::new(0);
        // SAFETY: no pointers; it cannot fail.
        let tid = unsafe { libc::gettid() };
        let all = Processors::of(tid)?;
        let one = all.behind(processor()?, TRACERS.fetch_add(1, Ordering::Relaxed))?;
        (one != all && one.set(tid)).then_some(Self { all, tid })
    }
}

impl Drop for OneProcessor {
    fn drop(&mut self) {
        // Some of them may have been taken away meanwhile (cpuset(7)); then nothing can be done.
        self.all.set(self.tid);
    }
}

impl Tracer {
    /// Gives everybody all processors again.
    pub(super) fn spread(&mut self) {
        let Some(one) = self.one_processor.take() else { return };
        for (_, tracee) in self.tasks.iter() {
            // One that is gone by now needs none.
            one.all.set(tracee.tid);
        }
    }

    /// At the exit of sched_getaffinity: stores what it would have said without a tracer.
    pub(super) fn says_processors(&self, pid: Tid, current: &Current, result: i64) {
        let Some(one) = &self.one_processor else { return };
        let about = i32::try_from(current.args[0]).unwrap_or(-1);
        if about != 0 && self.tasks.of_tid(about).is_none() {
            return;
        }
        let Ok(length) = usize::try_from(result) else { return };
        let all = one.all.bytes();
        OfProcess(pid).store(current.args[2], &all[..length.min(all.len())]);
    }
}
