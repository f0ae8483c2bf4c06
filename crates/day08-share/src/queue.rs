//! A queue that its consumers wait for.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    /// The lesson's own: to put an item in exactly when both consumers sleep.
    moved: Condvar,
}

#[derive(Default)]
struct State {
    items: VecDeque<u32>,
    asleep: usize,
    woken: usize,
    in_vain: usize,
}

/// What two consumers got, how often one was woken for nothing, and what is left in the queue.
pub(crate) type Report = (Vec<Option<u32>>, usize, Vec<u32>);

impl Queue {
    /// Takes the first item; waits for one if there is none.
    fn take(&self) -> Option<u32> {
        let mut state = self.lock();
        // To be woken means "look again", not "it is yours". Another consumer may have been
        // faster, and a Condvar may wake for no reason at all (a spurious wake-up).
        while state.items.is_empty() {
            state = self.sleep(state);
        }
        state.items.pop_front()
    }

    fn sleep<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.asleep += 1;
        self.moved.notify_one();
        // Gives the lock back and falls asleep in one step: nobody who holds the lock can see
        // `asleep` counted and the thread still awake.
        let mut state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.asleep -= 1;
        state.woken += 1;
        state.in_vain += usize::from(state.items.is_empty());
        self.moved.notify_one();
        state
    }

    /// The producer's part, under the lock and then told to everybody. notify_one would do for
    /// one item; notify_all is right as well, and needed when consumers wait for different things.
    fn put(&self, item: u32, when: impl Fn(&State) -> bool) {
        let state = self.moved.wait_while(self.lock(), |state| !when(state));
        state.unwrap_or_else(PoisonError::into_inner).items.push_back(item);
        self.filled.notify_all();
    }

    /// Two consumers want an item each; the items 1 and 2 come one after the other.
    pub(crate) fn two_consumers(&self) -> Report {
        let mut taken = thread::scope(|scope| {
            let consumers = [(); 2].map(|()| scope.spawn(|| self.take()));
            self.put(1, |state| state.asleep == 2);
            self.put(2, |state| state.woken >= 2);
            consumers.map(|consumer| consumer.join().unwrap_or(None))
        });
        // Which of the two was faster is nobody's business.
        taken.sort_unstable();
        let state = self.lock();
        (taken.to_vec(), state.in_vain, state.items.iter().copied().collect())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
