//! What a pool leaves behind: nothing. In a test binary of its own, because it counts the threads
//! of the whole process.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::leaks;
use threads::{Deadline, Flavour, Pool};

#[test]
fn no_thread_is_left_over() {
    for flavour in [Flavour::Channel, Flavour::Stealing] {
        leaks::none(|| {
            let pool = Pool::new(flavour, 8).unwrap();
            assert_eq!(pool.map(0..100, |n| n).len(), 100);
            pool.close().join();
        });
        leaks::none(|| {
            let pool = Pool::new(flavour, 8).unwrap();
            let task = pool.submit(|| 1);
            pool.terminate().join();
            // Taken by a worker or not: it is over in either case.
            let _ = task.get(Deadline::Now);
            assert!(task.is_done());
        });
        // Nobody joins them; they go all the same.
        let before = leaks::Holdings::now();
        drop(Pool::new(flavour, 8).unwrap());
        testkit::until("the workers of a dropped pool have gone", || {
            before.leaked(&leaks::Holdings::now()).is_empty().then_some(())
        });
    }
}
