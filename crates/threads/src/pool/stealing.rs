//! The stealing flavour: a deque for each worker, one injector for everybody outside.
//!
//! Invariant: under the lock, `unclaimed` is at most the number of jobs that lie in the injector
//! and the deques. A job is pushed first and counted afterwards; a worker claims one under the
//! lock and looks for it afterwards, so a claim always finds one, perhaps after another look
//! while a thief is carrying it from one place to another. Sleeping is a wait for `unclaimed`:
//! no wake-up can be lost between a last look and falling asleep.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use crossbeam::deque::{Injector, Steal, Stealer, Worker};
use crossbeam::utils::Backoff;
use syscall::Deadline;

use super::{Job, Queue, shielded};
use crate::monitor::Monitor;

struct Shared {
    injector: Injector<Job>,
    stealers: Box<[Stealer<Job>]>,
    state: Monitor<State>,
}

#[derive(Default)]
struct State {
    unclaimed: usize,
    closed: bool,
    stopped: bool,
}

struct Stealing(Arc<Shared>);

thread_local! {
    /// The pool that this thread works for, and its deque.
    static OWN: OnceCell<(Arc<Shared>, Rc<Worker<Job>>)> = const { OnceCell::new() };
}

pub(super) fn new(size: usize) -> (Box<dyn Queue>, Vec<Job>) {
    let deques: Vec<Worker<Job>> = std::iter::repeat_with(Worker::new_fifo).take(size).collect();
    let stealers = deques.iter().map(Worker::stealer).collect();
    let state = Monitor::new(State::default());
    let shared = Arc::new(Shared { injector: Injector::new(), stealers, state });
    let work = |deque| -> Job {
        let shared = Arc::clone(&shared);
        Box::new(move || work(&shared, deque))
    };
    let loops = deques.into_iter().map(work).collect();
    (Box::new(Stealing(shared)), loops)
}

fn work(shared: &Arc<Shared>, deque: Worker<Job>) {
    let deque = Rc::new(deque);
    // A thread works for one pool, so the cell is empty.
    let _ = OWN.with(|own| own.set((Arc::clone(shared), Rc::clone(&deque))));
    while let Some(job) = shared.claim().and_then(|()| shared.find(&deque)) {
        shielded(job);
    }
    // After a cancel: what a theft has carried here at the last moment. After a close, what still
    // lies here is claimed by others, who find it although its worker has gone.
    if shared.state.lock().stopped {
        while let Some(job) = deque.pop() {
            shielded(|| drop(job));
        }
    }
}

impl Shared {
    /// Waits for a job to claim; `None` when there will not be one.
    fn claim(&self) -> Option<()> {
        let ready = |state: &State| state.unclaimed > 0 || state.closed || state.stopped;
        let mut state = self.state.wait(Deadline::Never, ready)?;
        if state.stopped {
            return None;
        }
        state.unclaimed = state.unclaimed.checked_sub(1)?;
        Some(())
    }

    /// The job of a claim: our own, else a batch of what came from outside, else from another's
    /// deque. `None` when a cancel has taken it away.
    fn find(&self, deque: &Worker<Job>) -> Option<Job> {
        let backoff = Backoff::new();
        loop {
            let outside = || self.injector.steal_batch_and_pop(deque);
            let others = || self.stealers.iter().map(|other| other.steal_batch_and_pop(deque));
            if let Some(job) = deque.pop() {
                return Some(job);
            }
            let stolen = outside().or_else(|| others().collect()).success();
            // A batch that came while a cancel was emptying the deques may have been overlooked
            // there. Asked after the theft, the flag is either seen here, and the batch dropped
            // by us, or set later, and the batch is found by the cancel.
            if self.state.lock().stopped {
                shielded(|| drop(stolen));
                return None;
            }
            if stolen.is_some() {
                return stolen;
            }
            backoff.snooze();
        }
    }
}

impl Queue for Stealing {
    fn push(&self, job: Job) {
        // What a task submits stays with its worker. A thread that is just ending has no `OWN`.
        let own = OWN.try_with(|own| {
            own.get().filter(|own| Arc::ptr_eq(&own.0, &self.0)).map(|own| Rc::clone(&own.1))
        });
        match own.ok().flatten() {
            Some(deque) => deque.push(job),
            None => self.0.injector.push(job),
        }
        self.0.state.change_one(|state| state.unclaimed += 1);
    }

    fn close(&mut self) {
        self.0.state.change_all(|state| state.closed = true);
    }

    fn cancel(&mut self) {
        self.0.state.change_all(|state| state.stopped = true);
        // The workers may all be busy: those who wait for a queued task are told here.
        drain(|| self.0.injector.steal());
        for stealer in &self.0.stealers {
            drain(|| stealer.steal());
        }
    }
}

fn drain(mut steal: impl FnMut() -> Steal<Job>) {
    loop {
        match steal() {
            Steal::Success(job) => shielded(|| drop(job)),
            Steal::Retry => {}
            Steal::Empty => return,
        }
    }
}
