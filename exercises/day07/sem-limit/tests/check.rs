//! Children that say where they are in shared memory of the test's own, and stay inside until they
//! are told to leave. That one waits is seen in the call that it sleeps in.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use sem_limit::Semaphore;
use testkit::{equal, exercise, proc, step};

testkit::exercise! {
    t1_places_are_counted,
    t2_a_child_takes_a_place,
    t3_a_child_that_waits_is_woken,
    t4_eight_processes_and_three_places,
    t5_a_place_comes_back_however_the_work_ends,
    t6_a_signal_is_no_place,
    t7_a_holder_that_is_killed,
    t8_the_memory_is_given_back,
}

fn t1_places_are_counted() {
    let places = new(3);
    equal!(value(&places), 3, "value() of a new semaphore with 3 places");
    acquire(&places);
    acquire(&places);
    equal!(value(&places), 1, "value() when 2 of 3 places are taken");
    release(&places);
    release(&places);
    equal!(value(&places), 3, "value() when both were given back");
    let inside = places.limited(|| Ok(value(&places)));
    equal!(inside.unwrap(), 2, "value() inside limited(), which has taken a place of 3");
    equal!(value(&places), 3, "value() behind limited()");
    let result = Semaphore::new(u32::MAX).err();
    equal!(
        result,
        Some(Errno::EINVAL),
        "the error of Semaphore::new(u32::MAX): sem_init(3) refuses more than SEM_VALUE_MAX"
    );
}

fn t2_a_child_takes_a_place() {
    let places = new(3);
    let mut child = Worker::start(&places, &Board::new(), 0);
    child.until_inside();
    let value = value(&places);
    assert!(
        value == 2,
        "a child, process {}, is inside with a place of 3, and in the parent value() is {value}: \
         they have two semaphores. fork(2) gives the child a copy of the memory, and what either of \
         them writes is its own from then on: a variable, a Box, a mapping with MAP_PRIVATE. A \
         semaphore for processes lies in memory that they share (sem_init(3), mmap(2))",
        child.pid
    );
    child.leaves();
    equal!(self::value(&places), 3, "value() when the child has left and given its place back");
}

fn t3_a_child_that_waits_is_woken() {
    let places = new(1);
    acquire(&places);
    let mut child = Worker::start(&places, &Board::new(), 0);
    assert!(child.waits(), "a child went inside, although the only place was taken");
    step!("the only place is taken; process {} wants one and sleeps in futex(2)", child.pid);
    release(&places);
    step!("the parent has given it back with release()");
    // Who is woken is no longer asleep when the call that has woken him returns.
    while child.at() != INSIDE {
        assert!(
            !(child.is_asleep() && value(&places) == 1),
            "there is a place, value() is 1, and process {} still sleeps in futex(2), where it waits \
             for one: sem_post(3) has not woken it. The memory is shared, but the semaphore was not \
             told: the kernel looks for sleepers in the caller's own process only, unless sem_init(3) \
             was told that it is for several (its argument pshared)",
            child.pid
        );
        child.must_live();
        pause();
    }
    child.leaves();
}

const WORKERS: usize = 8;
const PLACES: usize = 3;

fn t4_eight_processes_and_three_places() {
    let places = new(PLACES as u32);
    let board = Board::new();
    let mut waiting: Vec<Worker> = Vec::new();
    let mut inside: Vec<Worker> = Vec::new();
    for index in 0..WORKERS {
        let mut child = Worker::start(&places, &board, index);
        if index < PLACES {
            child.until_inside();
            inside.push(child);
        } else if child.waits() {
            waiting.push(child);
        } else {
            too_many(&board);
        }
    }
    step!("{PLACES} of {WORKERS} processes are inside, the other ones wait");
    while !inside.is_empty() {
        inside.remove(0).leaves();
        // One place: one of those who wait, whichever it is, and nobody else.
        while inside.len() < PLACES && !waiting.is_empty() {
            match waiting.iter().position(|child| child.at() == INSIDE) {
                Some(index) => inside.push(waiting.remove(index)),
                None => {
                    waiting.iter().for_each(Worker::must_live);
                    pause();
                }
            }
        }
        too_many(&board);
        step!("one has left: {} inside, {} wait", inside.len(), waiting.len());
    }
    equal!(board.most(), PLACES as u32, "the most processes that were inside at the same time");
    equal!(value(&places), PLACES as i32, "value() when all {WORKERS} have left");
}

fn too_many(board: &Board) {
    assert!(
        board.most() <= PLACES as u32,
        "{} processes were inside at the same time, and there are {PLACES} places",
        board.most()
    );
}

fn t5_a_place_comes_back_however_the_work_ends() {
    let places = new(3);
    let result = places.limited(|| Err::<(), _>(io::Error::other("no licence file")));
    step!("limited() with work that fails has returned {result:?}");
    let text = result.map_err(|error| error.to_string());
    equal!(text, Err("no licence file".into()), "what limited() returned for work that failed");
    let value_now = value(&places);
    assert!(
        value_now == 3,
        "work that failed has kept its place: value() is {value_now} of 3. After two more failures \
         everybody waits, and nobody is inside. The way out with an error (`?`, return) does not \
         come by the line that gives the place back"
    );
    let result = catch_unwind(AssertUnwindSafe(|| {
        places.limited(|| -> io::Result<()> { panic!("a bug in the simulation") })
    }));
    assert!(result.is_err(), "the work panicked, and limited() has returned {result:?}");
    let value_now = value(&places);
    assert!(
        value_now == 3,
        "work that panicked has kept its place: value() is {value_now} of 3. A panic leaves a \
         function without running the lines that follow; what it does run are the destructors of \
         the values that are there (Drop)"
    );
}

extern "C" fn nothing(_: libc::c_int) {}

fn t6_a_signal_is_no_place() {
    // Without SA_RESTART, as a program may have it that knows nothing of us. Children inherit it.
    let action = SigAction::new(SigHandler::Handler(nothing), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing.
    unsafe { sigaction(Signal::SIGUSR1, &action) }.unwrap();
    let places = new(1);
    acquire(&places);
    let board = Board::new();
    let mut child = Worker::start(&places, &board, 0);
    assert!(child.waits(), "a child went inside, although the only place was taken");
    kill(child.pid, Signal::SIGUSR1).unwrap();
    step!("process {} waits for a place, and a SIGUSR1 comes, which it handles", child.pid);
    while child.is_pending() {
        pause();
    }
    let stays = child.waits();
    assert!(
        stays && child.at() == CALLS,
        "nobody has given a place, and process {} {}: sem_wait(3) returned -1 with EINTR when the \
         handler had run. That is no place, it is a call that has not done its work: look at what it \
         returns, and call again",
        child.pid,
        if child.at() == INSIDE { "is inside" } else { "came back from limited() with an error" }
    );
    release(&places);
    child.until_inside();
    child.leaves();
    equal!(value(&places), 1, "value() when the child has left");
}

fn t7_a_holder_that_is_killed() {
    let places = new(3);
    let mut child = Worker::start(&places, &Board::new(), 0);
    child.until_inside();
    kill(child.pid, Signal::SIGKILL).unwrap();
    waitpid(child.pid, None).unwrap();
    step!(
        "process {} was inside and was killed: no destructor runs, nothing is given back",
        child.pid
    );
    equal!(
        value(&places),
        2,
        "value() when a holder was killed. A semaphore is a number: it does not know who has taken \
         what, so the kernel cannot give it back (a robust mutex and a file lock know)"
    );
    release(&places);
    equal!(value(&places), 3, "value() when the parent, who knows, has called release() for it");
}

fn t8_the_memory_is_given_back() {
    let before = mappings();
    for _ in 0..20 {
        let one = new(1);
        let none = Semaphore::new(u32::MAX);
        equal!((value(&one), none.is_err()), (1, true), "the value, and what could not be made");
    }
    let more = mappings() - before;
    assert!(
        more == 0,
        "20 semaphores were made and dropped, 20 could not be made, and {more} more shared mappings \
         are in /proc/self/maps than before: what was mapped stays until munmap(2), or until the \
         process ends"
    );
}

/// Between two looks. The processor is for those who are looked at.
fn pause() {
    thread::sleep(Duration::from_millis(1));
}

/// Shared ones of this process.
fn mappings() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let shared = |line: &&str| line.split(' ').nth(1).is_some_and(|rights| rights.ends_with('s'));
    maps.lines().filter(shared).count()
}

fn new(places: u32) -> Semaphore {
    Semaphore::new(places)
        .unwrap_or_else(|error| panic!("Semaphore::new({places}) failed with {error:?}"))
}

fn value(places: &Semaphore) -> i32 {
    places.value().unwrap_or_else(|error| panic!("value() failed with {error:?}"))
}

fn acquire(places: &Semaphore) {
    places.acquire().unwrap_or_else(|error| panic!("acquire() failed with {error:?}"));
}

fn release(places: &Semaphore) {
    places.release().unwrap_or_else(|error| panic!("release() failed with {error:?}"));
}

/// What a child does, as it says itself.
const CALLS: u32 = 1;
const INSIDE: u32 = 2;
const BEHIND: u32 = 3;

/// What the children write, and the test reads. For as long as the process lives.
#[derive(Clone, Copy)]
struct Board(&'static [AtomicU32; 2 + WORKERS]);

impl Board {
    fn new() -> Self {
        let size = NonZeroUsize::new(size_of::<[AtomicU32; 2 + WORKERS]>()).unwrap();
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: the kernel chooses a place where nothing is.
        let at = unsafe { mmap_anonymous(None, size, both, MapFlags::MAP_SHARED) }.unwrap();
        // SAFETY: it is large enough and aligned, zeros are atomics, and nobody unmaps it.
        Self(unsafe { at.cast().as_ref() })
    }

    fn enter(&self) {
        let now = self.0[0].fetch_add(1, Ordering::SeqCst) + 1;
        self.0[1].fetch_max(now, Ordering::SeqCst);
    }

    fn leave(&self) {
        self.0[0].fetch_sub(1, Ordering::SeqCst);
    }

    fn most(&self) -> u32 {
        self.0[1].load(Ordering::SeqCst)
    }

    fn of(&self, index: usize) -> &'static AtomicU32 {
        &self.0[2 + index]
    }
}

/// A child that goes inside, and stays there until it is told to leave.
struct Worker {
    pid: Pid,
    at: &'static AtomicU32,
    leave: PipeWriter,
}

impl Worker {
    fn start(places: &Semaphore, board: &Board, index: usize) -> Self {
        let (told, leave) = pipe().unwrap();
        let at = board.of(index);
        // SAFETY: a test is a process of its own, with one thread.
        match unsafe { fork() }.unwrap() {
            ForkResult::Parent { child } => Self { pid: child, at, leave },
            ForkResult::Child => {
                at.store(CALLS, Ordering::SeqCst);
                let result = places.limited(|| stay(board, at, told));
                at.store(BEHIND, Ordering::SeqCst);
                exercise::leave(i32::from(result.is_err()))
            }
        }
    }

    fn at(&self) -> u32 {
        self.at.load(Ordering::SeqCst)
    }

    fn number(&self) -> u32 {
        self.pid.as_raw().unsigned_abs()
    }

    fn is_asleep(&self) -> bool {
        let call = proc::asleep_in(self.number(), self.number());
        call.is_some_and(|call| [libc::SYS_futex, libc::SYS_wait4].contains(&call))
    }

    /// Whether it waits for a place; false when it has gone on.
    fn waits(&mut self) -> bool {
        loop {
            match self.at() {
                CALLS if self.is_asleep() => return true,
                INSIDE | BEHIND => return false,
                // It may come back at this very moment, which the next turn sees.
                _ => self.must_be_idle(),
            }
            pause();
        }
    }

    fn until_inside(&mut self) {
        while self.at() != INSIDE {
            let asleep = self.is_asleep();
            assert!(
                !asleep || self.at() != CALLS,
                "process {} sleeps in acquire(), although there is a place",
                self.pid
            );
            self.must_live();
            pause();
        }
    }

    /// It waits or is inside, and has not come back.
    fn must_live(&self) {
        self.must_be_idle();
        assert!(self.at() != BEHIND, "limited() in process {} has returned an error", self.pid);
    }

    /// It has not died, and does not use up the processor to wait.
    fn must_be_idle(&self) {
        let stat = proc::stat(self.number());
        let alive = stat.as_ref().is_some_and(|stat| stat.state != 'Z');
        assert!(
            alive || self.at() == BEHIND,
            "process {}, which called limited(), has ended in the middle of it",
            self.pid
        );
        let used = stat.map_or(Duration::ZERO, |stat| stat.cpu);
        assert!(
            used < Duration::from_millis(200),
            "process {} has to wait, and has used {used:?} of processor time for it: it asks again \
             and again instead of sleeping until somebody gives a place (sem_wait(3))",
            self.pid
        );
    }

    /// Tells it to leave, and waits until it has.
    fn leaves(mut self) {
        self.leave.write_all(b"!").unwrap();
        equal!(
            waitpid(self.pid, None),
            Ok(WaitStatus::Exited(self.pid, 0)),
            "the end of a child whose work was done"
        );
    }

    fn is_pending(&self) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid));
        status.unwrap_or_default().lines().any(|line| {
            let set = line.strip_prefix("ShdPnd:").or_else(|| line.strip_prefix("SigPnd:"));
            set.is_some_and(|set| set.trim().chars().any(|c| c != '0'))
        })
    }
}

fn stay(board: &Board, at: &AtomicU32, mut told: PipeReader) -> io::Result<()> {
    board.enter();
    at.store(INSIDE, Ordering::SeqCst);
    let told = told.read_exact(&mut [0]);
    board.leave();
    told
}
