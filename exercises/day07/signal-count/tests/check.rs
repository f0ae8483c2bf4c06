//! Signals at moments that the tests choose: sent by a thread to itself, they are delivered before
//! the sending call returns. Only where all moments matter there are many signals.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::VecDeque;
use std::io::{PipeWriter, Write as _, pipe, stderr, stdout};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, raise, sigaction};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid};
use signal_count::{count, install, notify, read, take_all};
use testkit::{equal, exercise, proc, step};

testkit::exercise! {
    t1_each_signal_is_counted,
    t2_the_handler_waits_for_no_lock_of_the_output,
    t3_the_handler_asks_for_no_memory,
    t4_the_handler_may_interrupt_your_own_functions: limit(Duration::from_secs(20)),
    t5_two_threads_at_the_same_time,
    t6_a_thousand_signals,
    t7_a_job_behind_the_last_look,
    t8_a_read_goes_on,
    t9_whom_it_reaches,
}

fn t1_each_signal_is_counted() {
    equal!(count(), 0, "the count before any signal");
    ready();
    for sent in 1..=3 {
        raise(Signal::SIGUSR1).unwrap();
        step!("a SIGUSR1, the {sent}. one, was delivered before the next one was sent");
        equal!(count(), sent, "count(): so many signals, each of them handled by itself");
    }
    let mut asked = 0;
    let mut spool = vec!['a'];
    let jobs = take_all(|| {
        asked += 1;
        spool.pop()
    });
    equal!(jobs, vec!['a'], "what take_all returned, when signals had come");
    let jobs = take_all(|| -> Option<char> {
        panic!(
            "take_all looked although no signal had come since its last look: what says that there \
             is news must be taken back"
        )
    });
    equal!(jobs, vec![], "what take_all returned without a signal");
}

fn t2_the_handler_waits_for_no_lock_of_the_output() {
    ready();
    let returned = AtomicBool::new(false);
    let main = proc::gettid();
    let (tell, told) = mpsc::channel();
    let waited = thread::scope(|scope| {
        let other = scope.spawn(|| {
            let locks = (stdout().lock(), stderr().lock());
            tell.send(()).unwrap();
            // The main thread waits for nobody in this test: if it sleeps in a lock, it is one of
            // these two.
            let waited = loop {
                if returned.load(Ordering::SeqCst) {
                    break false;
                }
                if proc::asleep_in(std::process::id(), main) == Some(libc::SYS_futex) {
                    break true;
                }
                thread::yield_now();
            };
            drop(locks);
            waited
        });
        // Without going to sleep: the other thread must not take that for the handler's.
        while told.try_recv().is_err() {
            thread::yield_now();
        }
        raise(Signal::SIGUSR1).unwrap();
        returned.store(true, Ordering::SeqCst);
        while !other.is_finished() {
            thread::yield_now();
        }
        other.join().unwrap()
    });
    assert!(
        !waited,
        "a SIGUSR1 came while another thread had locked standard output and standard error, and \
         the handler went to sleep (futex(2)) until that one was done: println!, eprintln! and what \
         else prints through std takes a lock. Here somebody else opened it. When the signal \
         interrupts a print of its own thread, the one who could go on is the one who waits. \
         signal-safety(7) lists what a handler may call"
    );
    equal!(count(), 1, "count() after a signal in the middle of another thread's output");
}

fn t3_the_handler_asks_for_no_memory() {
    ready();
    // What std sets up once, for whoever prints first, is not meant here.
    let _ = (stdout().flush(), stderr().flush());
    for _ in 0..100 {
        WATCHED.store(true, Ordering::SeqCst);
        raise(Signal::SIGUSR1).unwrap();
        WATCHED.store(false, Ordering::SeqCst);
    }
    let asked = REQUESTS.load(Ordering::SeqCst);
    assert!(
        asked == 0,
        "the handler has called the allocator {asked} times in 100 runs: a Vec that grows, a String, \
         a Box, format!. malloc(3) is not on the list of signal-safety(7): a signal that comes while \
         the program is in malloc finds its lists half changed and its lock taken, by the very \
         thread that the handler runs in"
    );
    equal!(count(), 100, "count() after 100 signals, one after the other");
}

/// So many times the handler interrupts what the test does, which is nearly always one of the
/// functions: often enough to meet every part of them.
const STORM: usize = 150;

fn t4_the_handler_may_interrupt_your_own_functions() {
    ready();
    let storm = Sender::start(usize::MAX);
    step!(
        "another process sends SIGUSR1 without a pause, while count() and take_all() are called: \
         the handler interrupts them anywhere. If it waits for what they hold, nobody will ever \
         go on: a Mutex has no place in a handler"
    );
    let (mut last, mut looks) = (0, 0_usize);
    while last < STORM {
        for _ in 0..50 {
            let now = count();
            assert!(now >= last, "count() went from {last} back to {now}");
            last = now;
        }
        take_all(|| {
            looks += 1;
            None::<()>
        });
    }
    storm.stop();
    assert!(looks > 0, "{last} signals have come, and take_all never looked");
}

/// So often each thread must see that the other one has gone on, while it went on itself.
const MEETINGS: usize = 200;

fn t5_two_threads_at_the_same_time() {
    ready();
    // As the kernel does it, but without its work in between, which would leave hardly a chance
    // for two runs to meet.
    let handler = Handler::installed();
    let start = Barrier::new(2);
    let batches = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let ready = AtomicUsize::new(0);
    let one = &|me: usize| {
        start.wait();
        let (mut runs, mut seen, mut meetings) = (0, 0, 0);
        // Until both have met the other one often enough.
        while ready.load(Ordering::SeqCst) < 2 {
            (0..1000).for_each(|_| handler.run());
            runs += 1000;
            batches[me].fetch_add(1, Ordering::SeqCst);
            let other = batches[1 - me].load(Ordering::SeqCst);
            if other != seen {
                (seen, meetings) = (other, meetings + 1);
                if meetings == MEETINGS {
                    ready.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
        runs
    };
    let runs: usize = thread::scope(|scope| {
        let threads = [0, 1].map(|me| scope.spawn(move || one(me)));
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    let counted = count();
    assert!(
        counted == runs,
        "the handler ran {runs} times in two threads, and count() is {counted}: {} runs were lost. A \
         signal is handled in any thread, so two of them may be in the handler at the same time. \
         \"One more\" is a read, an addition and a write: what the other one writes in between is \
         gone. A `static mut` is no way out, and neither are an atomic load and an atomic store: it \
         must be one step (std::sync::atomic)",
        runs.abs_diff(counted)
    );
}

/// What runs for SIGUSR1.
struct Handler(libc::sigaction);

impl Handler {
    fn installed() -> Self {
        Self(action(Signal::SIGUSR1))
    }

    fn run(&self) {
        let number = Signal::SIGUSR1 as libc::c_int;
        if self.0.sa_flags & libc::SA_SIGINFO == 0 {
            // SAFETY: the address is what was installed as a function of one number.
            let handler: extern "C" fn(libc::c_int) =
                unsafe { std::mem::transmute(self.0.sa_sigaction) };
            handler(number);
        } else {
            // SAFETY: zeros are a siginfo_t that says nothing.
            let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
            // SAFETY: the address is what was installed as a function of these three.
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
                unsafe { std::mem::transmute(self.0.sa_sigaction) };
            handler(number, &raw mut info, std::ptr::null_mut());
        }
    }
}

const JOBS: usize = 1000;

fn t6_a_thousand_signals() {
    ready();
    let set = SigSet::from(Signal::SIGUSR1);
    set.thread_block().unwrap();
    let sent = Sender::start(JOBS);
    sent.join();
    equal!(count(), 0, "count() while SIGUSR1 is blocked");
    set.thread_unblock().unwrap();
    step!("{JOBS} jobs and {JOBS} signals came while SIGUSR1 was blocked: count() is {}", count());
    equal!(
        count(),
        1,
        "count() when SIGUSR1 is unblocked: standard signals of one kind do not queue (signal(7))"
    );
    printed(JOBS);

    let before = count();
    let sent = Sender::start(JOBS);
    sent.join();
    let runs = count() - before;
    step!("{JOBS} jobs and {JOBS} signals came, one after the other: the handler ran {runs} times");
    assert!(
        (1..=JOBS).contains(&runs),
        "{JOBS} signals were sent and count() went up by {runs}: it is at least 1, and at most {JOBS}"
    );
    printed(JOBS);
}

/// Asks once, with so many jobs in the spool.
fn printed(jobs: usize) {
    let mut spool: VecDeque<usize> = (0..jobs).collect();
    let printed = take_all(|| spool.pop_front());
    assert!(
        spool.is_empty(),
        "take_all took {} jobs, and {} stay in the spool, with nobody to tell of them: it was one \
         job for each signal. {jobs} signals were sent, but one that is sent while another of its \
         kind is pending is dropped. A signal says that there is something, not how much",
        printed.len(),
        spool.len()
    );
    equal!(printed, (0..jobs).collect::<Vec<_>>(), "the jobs, in the order of the spool");
}

fn t7_a_job_behind_the_last_look() {
    ready();
    raise(Signal::SIGUSR1).unwrap();
    let mut spool = VecDeque::from(["first"]);
    let mut late = false;
    let jobs = take_all(|| {
        let job = spool.pop_front();
        if job.is_none() && !late {
            late = true;
            // Your function has not returned yet, and the spool was empty when it was looked at.
            raise(Signal::SIGUSR1).unwrap();
        }
        job
    });
    equal!(jobs, vec!["first"], "what take_all returned");
    spool.push_back("second");
    step!("behind the look that gave None, and before take_all returned, a job and a SIGUSR1 came");
    let mut looked = false;
    let jobs = take_all(|| {
        looked = true;
        spool.pop_front()
    });
    assert!(
        looked,
        "take_all did not look, so the second job stays in the spool until somebody else sends a \
         signal: its own one came behind the last look and before your function ended, and was \
         taken back together with the first. What says that there is news must be taken back \
         before the look: then a signal that comes later is at worst one look too many"
    );
    equal!(jobs, vec!["second"], "what take_all returned the second time");
}

extern "C" fn of_somebody_else(_: libc::c_int) {}

fn t8_a_read_goes_on() {
    ready();
    // A library's handler, for another signal. Without SA_RESTART.
    let handler = SigHandler::Handler(of_somebody_else);
    let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: it does nothing.
    unsafe { sigaction(Signal::SIGUSR2, &action) }.unwrap();
    for signal in [Signal::SIGUSR1, Signal::SIGUSR2] {
        let (from, mut to) = pipe().unwrap();
        let main = thread_of(proc::gettid());
        let helper = thread::spawn(move || interrupt(main, signal, &mut to));
        let mut buffer = [0; 8];
        let result = read(from.as_fd(), &mut buffer);
        equal!(
            result,
            Ok(5),
            "what read returned: a {signal} came while it slept, and then 5 bytes. read(2) has \
             failed with EINTR, unless the handler of that very signal was installed with \
             SA_RESTART, and nobody can know who has installed what"
        );
        equal!(&buffer[..5], b"panel", "the bytes");
        helper.join().unwrap();
    }
    let (from, to) = pipe().unwrap();
    drop(to);
    equal!(read(from.as_fd(), &mut [0; 8]), Ok(0), "read at the end of the pipe");
    let (_from, to) = pipe().unwrap();
    equal!(
        read(to.as_fd(), &mut [0; 8]),
        Err(Errno::EBADF),
        "read from the end for writing: other errors belong to the caller"
    );
}

struct Main {
    task: u32,
    thread: libc::pthread_t,
}

fn thread_of(task: u32) -> Main {
    // SAFETY: it has no argument and always succeeds.
    Main { task, thread: unsafe { libc::pthread_self() } }
}

/// While it sleeps in read, a signal; when it sleeps again, or has come back, the bytes.
fn interrupt(main: Main, signal: Signal, to: &mut PipeWriter) {
    proc::until_asleep(main.task, &[libc::SYS_read]);
    // SAFETY: the main thread is the one of the process, and lives as long as it.
    unsafe { libc::pthread_kill(main.thread, signal as libc::c_int) };
    let pending = || {
        let status = std::fs::read_to_string(format!("/proc/self/task/{}/status", main.task));
        status.unwrap_or_default().lines().any(|line| {
            line.strip_prefix("SigPnd:").is_some_and(|set| set.trim().chars().any(|c| c != '0'))
        })
    };
    while pending() {
        thread::yield_now();
    }
    to.write_all(b"panel").unwrap();
}

fn t9_whom_it_reaches() {
    ready();
    notify(getpid()).unwrap();
    equal!(count(), 1, "count() after notify with the own pid");
    for raw in [0, -1, -getpid().as_raw()] {
        step!("notify(Pid::from_raw({raw})): an empty pid file is read as 0, a failed fork as -1");
        let result = notify(Pid::from_raw(raw));
        assert!(
            count() == 1,
            "notify(Pid::from_raw({raw})) has sent a signal, and it reached this very process: to \
             kill(2), {}. Only a number above 0 names one process",
            if raw == 0 {
                "0 is the caller's whole process group"
            } else {
                "this is a process group"
            }
        );
        equal!(result, Err(Errno::EINVAL), "notify(Pid::from_raw({raw}))");
    }
    // SAFETY: a test is a process of its own, with one thread.
    let gone = match unsafe { fork() }.unwrap() {
        ForkResult::Child => exercise::leave(0),
        ForkResult::Parent { child } => child,
    };
    waitpid(gone, None).unwrap();
    equal!(
        notify(gone),
        Err(Errno::ESRCH),
        "notify for a process that has ended and was waited for"
    );
}

/// The handler is installed; for SIGUSR1 and for nothing else.
fn ready() {
    install().unwrap_or_else(|error| panic!("install() failed with {error:?}"));
    let default = |signal| action(signal).sa_sigaction == libc::SIG_DFL;
    assert!(
        !default(Signal::SIGUSR1),
        "after install() SIGUSR1 still has its default action, which is the end of the process: \
         sigaction(2) was not called for it"
    );
    for signal in [Signal::SIGUSR2, Signal::SIGINT, Signal::SIGTERM, Signal::SIGCHLD] {
        assert!(
            default(signal),
            "install() has changed what {signal} does, which nobody has asked for"
        );
    }
}

/// What is installed for a signal.
fn action(signal: Signal) -> libc::sigaction {
    // SAFETY: zeros are an action: the default one.
    let mut action = unsafe { std::mem::zeroed() };
    // SAFETY: without a new action nothing changes, and the old one goes to a value of ours.
    unsafe { libc::sigaction(signal as libc::c_int, std::ptr::null(), &raw mut action) };
    action
}

/// A process that sends SIGUSR1 to the test.
struct Sender(Pid);

impl Sender {
    fn start(times: usize) -> Self {
        let test = getpid();
        // SAFETY: the test has one thread here.
        match unsafe { fork() }.unwrap() {
            ForkResult::Parent { child } => Self(child),
            ForkResult::Child => {
                for _ in 0..times {
                    if getppid() != test || kill(test, Signal::SIGUSR1).is_err() {
                        break;
                    }
                }
                exercise::leave(0)
            }
        }
    }

    fn join(self) {
        loop {
            match waitpid(self.0, None) {
                Err(Errno::EINTR) => {}
                done => return assert!(matches!(done, Ok(WaitStatus::Exited(_, 0))), "{done:?}"),
            }
        }
    }

    fn stop(self) {
        kill(self.0, Signal::SIGKILL).unwrap();
        while waitpid(self.0, None) == Err(Errno::EINTR) {}
    }
}

static WATCHED: AtomicBool = AtomicBool::new(false);
static REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// Counts what is asked for while it is watched.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn asked() {
    if WATCHED.load(Ordering::SeqCst) {
        REQUESTS.fetch_add(1, Ordering::SeqCst);
    }
}

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        asked();
        // SAFETY: the caller has promised the same to us.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        asked();
        // SAFETY: the caller has promised the same to us.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        asked();
        // SAFETY: the caller has promised the same to us.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
