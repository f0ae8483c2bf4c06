//! Tasks that tell in shared memory that they have begun, and wait there for others. What a task
//! does depends on its number; who is killed and when is decided in the task itself.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::WaitStatus;
use nix::unistd::{Pid, getpid};
use testkit::{equal, proc, step, until};
use worker_pool::Pool;

testkit::exercise! {
    t1_three_tasks_and_none,
    t2_the_same_workers_for_all,
    t3_many_tasks: limit(Duration::from_secs(20)),
    t4_all_at_the_same_time: limit(Duration::from_secs(40)),
    t5_never_more_than_there_are_workers: limit(Duration::from_secs(40)),
    t6_whoever_is_free_and_in_order: limit(Duration::from_secs(40)),
    t7_a_worker_dies_at_work,
    t8_a_worker_dies_without_a_task,
    t9_the_end,
}

fn t1_three_tasks_and_none() {
    let mut pool = pool(1, |n| n * n);
    equal!(good(&mut pool, &[3, 5, 7]), vec![9, 25, 49], "what map gives for squares of 3, 5, 7");
    equal!(good(&mut pool, &[]), Vec::<u64>::new(), "what map gives for no task");
    equal!(good(&mut pool, &[4]), vec![16], "what the same pool gives for another task");
    close(pool);
}

fn t2_the_same_workers_for_all() {
    let mut pool = pool(2, |_| u64::from(std::process::id()));
    let mut workers: BTreeSet<u64> = good(&mut pool, &[0; 12]).into_iter().collect();
    workers.extend(good(&mut pool, &[0; 12]));
    assert!(
        !workers.contains(&u64::from(std::process::id())),
        "work was called in the process that has called map: a crash in work would have ended it"
    );
    assert!(
        workers.len() <= 2,
        "{} processes have worked at 2 x 12 tasks in a pool of 2, and none has died: a pool forks its \
         workers once, and gives them task after task. A fork for each task, or for each map, is what \
         it is there to spare",
        workers.len()
    );
    close(pool);
}

fn t3_many_tasks() {
    let mut pool = pool(1, |n| n + 1);
    let tasks: Vec<u64> = (0..20_000).collect();
    step!(
        "20000 tasks for 1 worker: {} bytes there and back, and no pipe takes so much",
        20_000 * 8
    );
    let mut got = good(&mut pool, &tasks);
    // In which order they come is another question, and has a test of its own.
    got.sort_unstable();
    let wrong = got.iter().zip(&tasks).position(|(got, task)| *got != task + 1);
    assert!(
        wrong.is_none(),
        "of the results 1 to 20000, sorted, the first one that is wrong is at {wrong:?}"
    );
    close(pool);
}

fn t4_all_at_the_same_time() {
    let board = Board::new();
    let mut pool = pool(4, |n| {
        board.begun.fetch_add(1, Ordering::SeqCst);
        step!("task {n} has begun in process {}", getpid());
        let all = board.wait(|board| board.begun.load(Ordering::SeqCst) == 4);
        u64::from(all)
    });
    let met = good(&mut pool, &[0, 1, 2, 3]);
    assert!(
        met == [1, 1, 1, 1],
        "4 tasks, 4 workers, and each task waits for the other three to begin. It was given up after \
         10 s: whoever waits for an answer before he gives out the next task has one worker at work, \
         and three asleep"
    );
    close(pool);
}

fn t5_never_more_than_there_are_workers() {
    let (board, caller) = (Board::new(), std::process::id());
    let mut pool = pool(3, |_| {
        let now = board.begun.fetch_add(1, Ordering::SeqCst) + 1;
        board.most.fetch_max(now, Ordering::SeqCst);
        // Until the caller of map sleeps: he has given out all that he wants to.
        board.wait(|_| proc::stat(caller).is_none_or(|stat| stat.state == 'S'));
        board.begun.fetch_sub(1, Ordering::SeqCst);
        0
    });
    good(&mut pool, &[0; 12]);
    let most = board.most.load(Ordering::SeqCst);
    assert!(most <= 3, "{most} tasks were at work at the same time in a pool of 3 workers");
    close(pool);
}

fn t6_whoever_is_free_and_in_order() {
    let board = Board::new();
    let mut pool = pool(2, |n| match n {
        // The long one: until somebody has done the second task and has begun the third.
        10 => 100 + u64::from(board.wait(|board| board.begun.load(Ordering::SeqCst) > 0)),
        12 => {
            board.begun.fetch_add(1, Ordering::SeqCst);
            120
        }
        n => n * 10,
    });
    step!("2 workers, tasks 10, 11, 12, 13: task 10 ends only when task 12 has begun");
    let got = good(&mut pool, &[10, 11, 12, 13]);
    assert!(
        !got.contains(&100),
        "task 10 was long, the other worker had done task 11, and nobody gave it task 12 (given up \
         after 10 s). Tasks that are dealt out beforehand wait behind a long one, while somebody else \
         has nothing to do"
    );
    equal!(
        got,
        vec![101, 110, 120, 130],
        "the results. Task 10 was ready after 11: the answers come as the workers end, and each \
         belongs in the place of its task"
    );
    close(pool);
}

fn t7_a_worker_dies_at_work() {
    const KILLED: u64 = 100;
    const PANICS: u64 = 101;
    let work = |n| match n {
        KILLED => {
            kill(getpid(), Signal::SIGKILL).unwrap();
            0
        }
        PANICS => panic!("this panic is a part of the test: a picture that cannot be decoded"),
        n => n * 10,
    };
    let mut pool = pool(2, work);
    step!("2 workers, tasks 1, KILL, 2, 3, 4: the second task kills its worker (SIGKILL)");
    let got = map(&mut pool, &[1, KILLED, 2, 3, 4]);
    let shown: Vec<Option<u64>> = got.iter().map(|result| result.ok()).collect();
    equal!(
        shown,
        vec![Some(10), None, Some(20), Some(30), Some(40)],
        "the results (None stands for any Err): a death costs the task that the worker was working \
         on, and no other"
    );
    assert!(
        matches!(got[1], Err(WaitStatus::Signaled(_, Signal::SIGKILL, _))),
        "the result of the task whose worker was killed is {:?}, and waitpid(2) says of the worker \
         that a signal has ended it: Signaled(…, SIGKILL, …)",
        got[1]
    );

    step!("one death, and the pool has gone on. Now both workers die, and one more");
    let got = map(&mut pool, &[KILLED, KILLED, KILLED, 5, 6]);
    let shown: Vec<Option<u64>> = got.iter().map(|result| result.ok()).collect();
    equal!(
        shown,
        vec![None, None, None, Some(50), Some(60)],
        "the results, when three workers of a pool of two were killed: each is replaced by a new one"
    );

    let got = map(&mut pool, &[7, PANICS, 8]);
    assert!(
        matches!(got[..], [Ok(70), Err(WaitStatus::Exited(_, 101)), Ok(80)]),
        "the results, when the second of three tasks panics, are {got:?}: a panic ends the worker \
         with the exit status 101, and costs that task"
    );
    close(pool);
}

fn t8_a_worker_dies_without_a_task() {
    let mut pool = pool(2, |n| n << 32 | u64::from(std::process::id()));
    let worker = good(&mut pool, &[0])[0] as u32;
    kill(Pid::from_raw(worker.cast_signed()), Signal::SIGKILL).unwrap();
    until("the worker is dead", || {
        proc::stat(worker).is_none_or(|stat| stat.state == 'Z').then_some(())
    });
    step!("worker {worker} was killed when it had nothing to do");
    let got = map(&mut pool, &[1, 2, 3, 4]);
    let shown: Vec<Option<u64>> = got.iter().map(|result| result.ok().map(|n| n >> 32)).collect();
    equal!(
        shown,
        vec![Some(1), Some(2), Some(3), Some(4)],
        "the results (None stands for Err): the write to a dead worker fails (EPIPE), so no task had \
         been given to it, and somebody else can have that task"
    );
    close(pool);
}

fn t9_the_end() {
    // It takes the pool. Nobody can call map on it afterwards: the compiler does not let him.
    fn takes<F: Fn(u64) -> u64>(close: fn(Pool<F>) -> std::io::Result<()>, pool: Pool<F>) {
        close(pool).unwrap_or_else(|error| panic!("close() failed: {error:?}"));
    }
    let mut pool = pool(4, |n| n + 1);
    equal!(good(&mut pool, &[1]), vec![2], "what a pool of 4 workers makes of one task");
    step!("close() of 4 workers, 3 of which have never had a task");
    takes(Pool::close, pool);
    nobody_is_left();
}

fn pool<F: Fn(u64) -> u64>(workers: usize, work: F) -> Pool<F> {
    Pool::new(workers, work)
        .unwrap_or_else(|error| panic!("Pool::new({workers}) failed: {error:?}"))
}

fn map<F: Fn(u64) -> u64>(pool: &mut Pool<F>, tasks: &[u64]) -> Vec<Result<u64, WaitStatus>> {
    let test = test();
    let got = pool.map(tasks).unwrap_or_else(|error| panic!("map() failed: {error:?}"));
    assert!(std::process::id() == test, "a worker came back from map()");
    equal!(got.len(), tasks.len(), "the number of results");
    got
}

/// Of tasks that all end well.
fn good<F: Fn(u64) -> u64>(pool: &mut Pool<F>, tasks: &[u64]) -> Vec<u64> {
    let all: Result<Vec<u64>, WaitStatus> = map(pool, tasks).into_iter().collect();
    all.unwrap_or_else(|end| panic!("a task has the result Err({end:?}), and nobody has died"))
}

fn close<F: Fn(u64) -> u64>(pool: Pool<F>) {
    step!("all results have come; now close()");
    pool.close().unwrap_or_else(|error| panic!("close() failed: {error:?}"));
    nobody_is_left();
}

fn nobody_is_left() {
    let left: Vec<(u32, char)> = proc::pids()
        .into_iter()
        .filter_map(|pid| Some((pid, proc::stat(pid)?)))
        .filter(|(_, stat)| stat.parent == std::process::id())
        .map(|(pid, stat)| (pid, stat.state))
        .collect();
    assert!(
        left.is_empty(),
        "close() has returned, and there are still children: {left:?}. Z is a zombie, which has \
         ended, and waitpid(2) was not called for it; S sleeps and R runs, and whoever lets it end \
         has to wait for that end"
    );
}

/// The process of the test, whoever asks.
fn test() -> u32 {
    static TEST: AtomicU32 = AtomicU32::new(0);
    let us = std::process::id();
    TEST.compare_exchange(0, us, Ordering::SeqCst, Ordering::SeqCst).unwrap_or_else(|test| test);
    TEST.load(Ordering::SeqCst)
}

/// Memory that all workers see.
struct Board {
    begun: AtomicU32,
    most: AtomicU32,
    given_up: AtomicU32,
}

impl Board {
    fn new() -> &'static Self {
        let size = NonZeroUsize::new(size_of::<Self>()).unwrap();
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, size, both, MapFlags::MAP_SHARED) }.unwrap();
        let at: NonNull<Self> = at.cast();
        // SAFETY: a page of zeros is three atomics, and it stays until the process ends.
        unsafe { at.as_ref() }
    }

    /// Until it is so; false after 10 s, when it is told why that was to be expected.
    fn wait(&self, is_so: impl Fn(&Self) -> bool) -> bool {
        let start = Instant::now();
        while !is_so(self) {
            // Nobody waits for what somebody else has waited for in vain.
            if self.given_up.load(Ordering::SeqCst) > 0 || start.elapsed() > Duration::from_secs(10)
            {
                self.given_up.store(1, Ordering::SeqCst);
                return false;
            }
            std::thread::yield_now();
        }
        true
    }
}
