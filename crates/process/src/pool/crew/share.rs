//! Who gets which job.

use super::Crew;
use crate::pool::worker::{Birth, Worker};

impl Crew {
    /// A job for everybody who has none; then some ahead, where the tasks have proved short, so
    /// that a worker need not wait for us between two of them. What was sent ahead and has not
    /// begun is taken back as soon as another worker has nothing to do.
    pub(super) fn hand_out(&mut self) {
        self.fill(false);
        if self.queue.is_empty() {
            let free = |worker: &Worker| worker.birth == Birth::Ready && worker.is_free();
            let most = |worker: &&mut Worker| worker.owes();
            if self.workers.iter().any(free)
                && let Some(worker) = self.workers.iter_mut().max_by_key(most)
                && worker.owes() > 1
            {
                self.queue = worker.take_back();
                self.fill(false);
            }
        }
        self.fill(true);
    }

    fn fill(&mut self, ahead: bool) {
        for index in 0..self.workers.len() {
            // Half of a fair share of the rest: so the last ones are not sent ahead at all
            // (guided self-scheduling, Polychronopoulos and Kuck 1987).
            let share = if ahead { self.queue.len() / (2 * self.workers.len()) } else { 1 };
            let worker = &mut self.workers[index];
            while worker.owes() < share && worker.takes(self.queue.front(), ahead) {
                let Some(mut job) = self.queue.pop_front() else { break };
                let left = self.plan.max_tasks - worker.given();
                if job.count as u64 > left {
                    let rest = job.split_off(usize::try_from(left).unwrap_or(usize::MAX));
                    self.queue.push_front(rest);
                }
                worker.give(job);
            }
            worker.send();
        }
    }
}
