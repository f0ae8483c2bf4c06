//! The channel flavour: one queue, and whoever is free takes the next job.
//!
//! crossbeam's channel may have many readers, which std's cannot. Closing it is dropping its only
//! sender: the readers get what is left, and then the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam::channel::{Receiver, Sender, unbounded};

use super::{Job, Queue, shielded};

struct Channel {
    /// `None` when closed.
    jobs: Option<Sender<Job>>,
    /// Another reader's end, to empty the queue without waiting for a worker.
    queued: Receiver<Job>,
    stopped: Arc<AtomicBool>,
}

pub(super) fn new(size: usize) -> (Box<dyn Queue>, Vec<Job>) {
    let (jobs, queued) = unbounded();
    let stopped = Arc::new(AtomicBool::new(false));
    let work = || -> Job {
        let (queued, stopped) = (queued.clone(), Arc::clone(&stopped));
        Box::new(move || work(&queued, &stopped))
    };
    let loops = std::iter::repeat_with(work).take(size).collect();
    (Box::new(Channel { jobs: Some(jobs), queued, stopped }), loops)
}

fn work(queued: &Receiver<Job>, stopped: &AtomicBool) {
    for job in queued {
        // Relaxed: the flag says nothing about any other memory.
        shielded(|| if stopped.load(Ordering::Relaxed) { drop(job) } else { job() });
    }
}

impl Queue for Channel {
    fn push(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // It cannot fail while `queued` lives, and a job that is dropped is cancelled.
            let _ = jobs.send(job);
        }
    }

    fn close(&mut self) {
        self.jobs = None;
    }

    fn cancel(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.close();
        // The workers may all be busy: those who wait for a queued task are told here.
        for job in self.queued.try_iter() {
            shielded(|| drop(job));
        }
    }
}
