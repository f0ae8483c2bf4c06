//! Children that end when they are told to, and not before. That one has ended is seen in its
//! state, Z, so no test depends on how fast anybody is.

use std::io::{PipeWriter, Read, Write, pipe};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use reap_all::{Ended, reap_all};
use testkit::{equal, proc, step, until};

testkit::exercise! {
    t1_one_child,
    t2_five_ends_and_one_call,
    t3_one_lives_on,
    t4_a_child_that_was_killed,
    t5_a_child_of_somebody_else,
}

fn t1_one_child() {
    let mut child = Job::start(7);
    child.ends();
    let mut ours = vec![child.pid];
    equal!(ended(&mut ours), vec![(child.pid, Ended::Code(7))], "what reap_all returned");
    equal!(ours, vec![], "what is left of `ours` when everyone was reaped");
}

fn t2_five_ends_and_one_call() {
    let mut jobs: Vec<Job> = [3, 0, 1, 4, 2].map(Job::start).into();
    let mut ours: Vec<Pid> = jobs.iter().map(|job| job.pid).collect();
    // In another order than they were started in.
    for index in [4, 0, 3, 1, 2] {
        jobs[index].ends();
    }
    step!("five children have ended, perhaps with a single SIGCHLD");
    let mut reaped = ended(&mut ours);
    let zombies: Vec<Pid> = jobs.iter().map(|job| job.pid).filter(|&pid| is_zombie(pid)).collect();
    assert!(
        zombies.is_empty(),
        "{} of 5 ended children are still zombies (state Z) after one call of reap_all: {zombies:?}. \
         Nobody will call it again for them: SIGCHLD does not queue, so one signal may stand for \
         five ends. Ask until nobody who has ended is left",
        zombies.len()
    );
    reaped.sort_unstable_by_key(|(pid, _)| *pid);
    let mut wanted: Vec<_> = jobs.iter().map(|job| (job.pid, Ended::Code(job.code))).collect();
    wanted.sort_unstable_by_key(|(pid, _)| *pid);
    equal!(reaped, wanted, "each child with its own exit status, whatever the order of their ends");
    equal!(ours, vec![], "what is left of `ours` when everyone was reaped");
}

fn t3_one_lives_on() {
    let (mut short, mut long) = (Job::start(5), Job::start(6));
    short.ends();
    let mut ours = vec![long.pid, short.pid];
    step!("child {} still works, child {} has ended", long.pid, short.pid);
    let reaped = ended(&mut ours);
    assert!(
        !reaped.iter().any(|(pid, _)| *pid == long.pid),
        "child {} was reported as ended, {reaped:?}, and it is alive (state {}): waitpid(2) with \
         WNOHANG returns 0 for a child that has not ended, in nix WaitStatus::StillAlive. That is \
         an answer, and no exit status",
        long.pid,
        proc::stat(number(long.pid)).map_or('?', |stat| stat.state)
    );
    equal!(reaped, vec![(short.pid, Ended::Code(5))], "the one that has ended");
    equal!(ours, vec![long.pid], "`ours`, in which the living child stays");
    equal!(ended(&mut ours), vec![], "what reap_all returns when nobody else has ended");

    long.ends();
    equal!(ended(&mut ours), vec![(long.pid, Ended::Code(6))], "the other one, when it has ended");
}

fn t4_a_child_that_was_killed() {
    let job = Job::start(0);
    kill(job.pid, Signal::SIGKILL).unwrap();
    job.is_dead();
    let mut ours = vec![job.pid];
    let reaped = ended(&mut ours);
    equal!(
        reaped,
        vec![(job.pid, Ended::Signal(Signal::SIGKILL))],
        "a child that SIGKILL has ended: it never called exit, so it has no exit status (waitpid(2), \
         WIFSIGNALED)"
    );
}

fn t5_a_child_of_somebody_else() {
    let (mut theirs, mut ours_one) = (Job::start(9), Job::start(1));
    theirs.ends();
    ours_one.ends();
    let mut ours = vec![ours_one.pid];
    step!("child {} is yours, child {} is a library's; both have ended", ours_one.pid, theirs.pid);
    let reaped = ended(&mut ours);
    assert!(
        is_zombie(theirs.pid),
        "child {} is not yours, and its status is gone: reap_all returned {reaped:?}. Whoever has \
         started it waits for it now and gets ECHILD. waitpid(-1, …) takes any child of the process, \
         so a part of a program waits for its own children by number",
        theirs.pid
    );
    equal!(reaped, vec![(ours_one.pid, Ended::Code(1))], "yours");
    equal!(
        waitpid(theirs.pid, None),
        Ok(WaitStatus::Exited(theirs.pid, 9)),
        "what the library gets"
    );
}

fn ended(ours: &mut Vec<Pid>) -> Vec<(Pid, Ended)> {
    let asked = format!("{ours:?}");
    reap_all(ours).unwrap_or_else(|error| panic!("reap_all({asked}) failed with {error:?}"))
}

/// A child that waits for a byte, and then ends.
struct Job {
    pid: Pid,
    code: i32,
    work: PipeWriter,
}

impl Job {
    fn start(code: i32) -> Self {
        let (mut told, work) = pipe().unwrap();
        // SAFETY: a test is a process of its own, with one thread.
        match unsafe { fork() }.unwrap() {
            ForkResult::Parent { child } => Self { pid: child, code, work },
            ForkResult::Child => {
                // A byte, and not the end of the pipe: its writing end is open in every child that
                // is forked later, too. When the test is gone, the harness ends this process.
                let _ = told.read(&mut [0]);
                testkit::exercise::leave(code)
            }
        }
    }

    /// Tells it to end, and waits until it has.
    fn ends(&mut self) {
        self.work.write_all(b"!").unwrap();
        self.is_dead();
    }

    fn is_dead(&self) {
        until("the child is a zombie", || is_zombie(self.pid).then_some(()));
    }
}

fn is_zombie(pid: Pid) -> bool {
    proc::stat(number(pid)).is_some_and(|stat| stat.state == 'Z')
}

fn number(pid: Pid) -> u32 {
    pid.as_raw().unsigned_abs()
}
