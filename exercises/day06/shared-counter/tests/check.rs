//! A child that stops in the middle of `update` until it is told to go on, or killed there. Whoever
//! counts meanwhile is another child, so that the test can see where it sleeps.

use std::fs;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::time::Duration;

use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use shared_counter::Counter;
use testkit::{equal, proc, step, until};

testkit::exercise! {
    t1_one_process,
    t2_a_child_and_its_parent,
    t3_nothing_is_lost_in_the_middle: cpu(Duration::from_secs(1)) limit(Duration::from_secs(30)),
    t4_a_child_is_killed_in_the_middle: cpu(Duration::from_secs(1)) limit(Duration::from_secs(30)),
    t5_between_any_two_instructions: limit(Duration::from_secs(60)),
    t6_four_processes_at_once: limit(Duration::from_secs(60)),
    t7_the_memory_is_given_back,
}

fn t1_one_process() {
    let counter = new(5);
    equal!(counter.get(), 5, "the value of Counter::new(5)");
    equal!(counter.add(3), 8, "what add(3) returned, which is the new value");
    equal!(counter.get(), 8, "the value after it");
    equal!(counter.update(|n| n * 10), 80, "what update returned, which is the new value");
    equal!(counter.get(), 80, "the value after it");
    let other = new(1);
    equal!((other.add(1), counter.get()), (2, 80), "two counters, and one was added to");
    equal!(new(u64::MAX).add(2), 1, "what add(2) makes of the largest number: it wraps around");
}

fn t2_a_child_and_its_parent() {
    let counter = new(1);
    step!("a counter was made with the value 1, then came fork");
    let child = Child::start(|| {
        counter.add(10);
        counter.update(|n| n * 100);
    });
    child.ends();
    let told = counter.get();
    equal!(
        told,
        1100,
        "what the parent sees, when the child has added 10 and multiplied by 100. {}",
        if told == 1 {
            "fork(2) copies what is private: the heap, statics, and pages of mmap(2) with \
             MAP_PRIVATE. The child had a number of its own, at the same address"
        } else {
            ""
        }
    );
    counter.add(1);
    let child = Child::start(|| equal!(counter.get(), 1101, "what the next child sees"));
    child.ends();
}

fn t3_nothing_is_lost_in_the_middle() {
    let counter = new(0);
    let mut middle = Middle::of(&counter);
    let other = Child::start(|| (0..5).for_each(|_| _ = counter.add(1)));
    step!(
        "child {}, in the middle of update(n + 1), was given 0 and has not answered",
        middle.pid()
    );
    other.ends_while("a process that has to be asked first may be stopped for an hour, or be dead");
    equal!(counter.get(), 5, "the value, when another child has added 1 five times meanwhile");
    middle.go_on();
    middle.child.ends();
    equal!(
        counter.get(),
        6,
        "the value after five times add(1) and one update(n + 1). {}",
        if counter.get() == 1 {
            "The child had read 0, then others counted to 5, then it wrote 0 + 1: five counts are \
             gone. Reading and writing are two steps, with an atomic as well, when it is a load and \
             a store. The writing must find out that the value is not the one that was read, and then \
             what was made of that one is of no use"
        } else {
            ""
        }
    );
}

fn t4_a_child_is_killed_in_the_middle() {
    let counter = new(0);
    let middle = Middle::of(&counter);
    middle.child.is_killed();
    step!("child {} was killed in the middle of update(n + 1)", middle.pid());
    let other = Child::start(|| (0..5).for_each(|_| _ = counter.update(|n| n + 1)));
    other.ends_while("that one has died, and whatever it has held, nobody will let it go");
    equal!(
        counter.get(),
        5,
        "the value: the one that was killed has not finished, five others have"
    );

    let (mut told, mut tell) = pipe().unwrap();
    let child = Child::start(|| {
        for n in 0_u64.. {
            counter.update(|n| n + 1);
            if n == 1000 {
                tell.write_all(b"!").unwrap();
            }
        }
    });
    told.read_exact(&mut [0]).unwrap();
    child.is_killed();
    let before = counter.get();
    step!("another child was killed while it counted; it has come to {before}");
    let other = Child::start(|| _ = counter.add(1));
    other.ends_while("that one has died, and whatever it has held, nobody will let it go");
    equal!(counter.get(), before + 1, "the value, when somebody else goes on");
}

fn t5_between_any_two_instructions() {
    let counter = new(0);
    let Some(child) = Stepped::start(&counter) else {
        step!("nobody may be traced here (ptrace(2)): chance has to find what stepping would");
        return;
    };
    // Another process at every place where there may be one: after the first instruction of add,
    // after the second one, …
    for (round, steps) in (1_u64..).zip(0..3000) {
        let whole = child.steps(steps);
        counter.add(1);
        if whole {
            child.goes_on();
        }
        let told = counter.get();
        assert!(
            told == 2 * round,
            "two processes have added 1 to {}, and it is {told} now. One of them was stopped in the \
             middle of add(1), after {steps} instructions, and the other one did all of its own there. \
             Reading, adding and writing were more than one instruction, so somebody could be in \
             between (the debugger's view: PTRACE_SINGLESTEP, ptrace(2))",
            2 * round - 2
        );
        if !whole {
            break; // add had ended before: that was all of it.
        }
    }
    child.child.is_killed();
}

fn t6_four_processes_at_once() {
    const EACH: u64 = 100_000;
    let counter = new(0);
    let (mut start, mut go) = pipe().unwrap();
    let children: Vec<Child> = (0..4)
        .map(|_| {
            Child::start(|| {
                start.read_exact(&mut [0]).unwrap();
                for _ in 0..EACH / 2 {
                    counter.add(1);
                    counter.update(|n| n + 1);
                }
            })
        })
        .collect();
    go.write_all(b"!!!!").unwrap();
    for child in &children {
        child.ends_while("four processes count, and one of them waits for ever");
    }
    let (told, all) = (counter.get(), 4 * EACH);
    assert!(
        told == all,
        "4 processes have counted to 100000 each, and the counter says {told} instead of {all}: {} \
         counts are gone. += is three steps: read, add, write. What another process has written \
         between the first and the third is covered",
        all.abs_diff(told)
    );
}

fn t7_the_memory_is_given_back() {
    let maps = || fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let before = maps();
    (0..1000).for_each(|n| _ = new(n));
    let left = maps().saturating_sub(before);
    assert!(
        left < 100,
        "1000 counters were made and dropped, and {left} mappings are left in /proc/self/maps: mmap(2) \
         gives memory that Rust knows nothing of, so a Drop must give it back (munmap(2))"
    );
    let counter = new(7);
    let child = Child::start(|| ());
    child.ends();
    let mut counter = Some(counter);
    let child = Child::start(|| _ = counter.take());
    child.ends();
    equal!(
        counter.as_ref().map(|counter| counter.add(1)),
        Some(8),
        "the parent's counter, when a child has dropped its own"
    );
}

fn new(value: u64) -> Counter {
    Counter::new(value).unwrap_or_else(|error| panic!("Counter::new({value}) failed: {error:?}"))
}

/// A process that does one thing.
struct Child(Pid);

impl Child {
    fn start(work: impl FnOnce()) -> Self {
        // SAFETY: a test is a process of its own, with one thread.
        match unsafe { fork() }.unwrap() {
            ForkResult::Parent { child } => Self(child),
            ForkResult::Child => {
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                testkit::exercise::leave(if done.is_ok() { 0 } else { 101 })
            }
        }
    }

    fn number(&self) -> u32 {
        self.0.as_raw().unsigned_abs()
    }

    /// It has done its work.
    fn ends(&self) {
        let end = waitpid(self.0, None).unwrap();
        assert!(
            end == WaitStatus::Exited(self.0, 0),
            "child {}, which has used the counter, has ended with {end:?}; what it said is below",
            self.0
        );
    }

    /// The same, and it must not fall asleep before: there is nobody who would wake it.
    fn ends_while(&self, why: &str) {
        let asleep = until("the child has ended", || {
            let state = proc::stat(self.number()).map_or('Z', |stat| stat.state);
            let call = proc::asleep_in(self.number(), self.number());
            match (state, call) {
                ('Z', _) => Some(false),
                (_, Some(call)) if waits(call) => Some(true),
                _ => None,
            }
        });
        if asleep && self.is_still_asleep() {
            panic!(
                "child {} sleeps in futex(2), called by the code in src/lib.rs: it waits for a lock \
                 that somebody else has, and this is for ever: {why}. std's Mutex is not made for \
                 several processes at all: its futexes are private ones, so that not even a drop in \
                 another process wakes anybody. One number needs no lock",
                self.0
            );
        }
        self.ends();
    }

    /// Of two who wait for each other for a moment, one wakes the other.
    fn is_still_asleep(&self) -> bool {
        (0..1000).all(|_| {
            std::thread::yield_now();
            let call = proc::asleep_in(self.number(), self.number());
            call.is_some_and(waits)
        })
    }

    fn is_killed(&self) {
        kill(self.0, Signal::SIGKILL).unwrap();
        waitpid(self.0, None).unwrap();
    }
}

fn waits(call: i64) -> bool {
    call == libc::SYS_futex
}

/// A child that adds 1, again and again, and stops before each time (SIGSTOP) for its tracer.
struct Stepped {
    child: Child,
}

impl Stepped {
    /// `None` where ptrace(2) is denied.
    fn start(counter: &Counter) -> Option<Self> {
        let child = Child::start(|| {
            if ptrace::traceme().is_err() {
                testkit::exercise::leave(0);
            }
            loop {
                raise(Signal::SIGSTOP).unwrap();
                counter.add(1);
            }
        });
        let stopped = waitpid(child.0, None).unwrap();
        matches!(stopped, WaitStatus::Stopped(..)).then_some(Self { child })
    }

    /// Lets it execute so many instructions; false when it came to its next stop before.
    fn steps(&self, count: u32) -> bool {
        (0..count).all(|_| {
            ptrace::step(self.child.0, None).unwrap();
            waitpid(self.child.0, None) == Ok(WaitStatus::Stopped(self.child.0, Signal::SIGTRAP))
        })
    }

    /// To its next stop.
    fn goes_on(&self) {
        ptrace::cont(self.child.0, None).unwrap();
        let stopped = waitpid(self.child.0, None).unwrap();
        let wanted = WaitStatus::Stopped(self.child.0, Signal::SIGSTOP);
        assert!(stopped == wanted, "the child that adds 1 has come to {stopped:?}");
    }
}

/// A child that is in the middle of `update(|n| n + 1)` the first time that it is asked.
struct Middle {
    child: Child,
    go: PipeWriter,
}

impl Middle {
    fn of(counter: &Counter) -> Self {
        let (mut told, mut tell) = pipe().unwrap();
        let (mut wait, go) = pipe().unwrap();
        let child = Child::start(|| {
            let mut first = true;
            counter.update(|n| {
                if std::mem::take(&mut first) {
                    tell.write_all(b"!").unwrap();
                    hear(&mut wait);
                }
                n + 1
            });
        });
        drop(tell);
        let heard = told.read(&mut [0]).unwrap();
        assert!(heard == 1, "update() has not called its function at all");
        Self { child, go }
    }

    fn pid(&self) -> Pid {
        self.child.0
    }

    fn go_on(&mut self) {
        self.go.write_all(b"!").unwrap();
    }
}

fn hear(wait: &mut PipeReader) {
    let _ = wait.read(&mut [0]);
}
