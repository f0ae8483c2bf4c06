//! Where running processes are, that nobody has started under a tracer.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Barrier, Mutex};

use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, Uid, fork, setuid};
use testkit::{proc, skip, until};
use trace::{Doing, Error, Object, Standing, Value, where_are};

testkit::cases!(
    one_that_sleeps_in_read_is_told_with_its_line_and_sleeps_on,
    a_deadlock_is_told_thread_by_thread,
    one_that_computes_is_told_with_its_line_and_goes_on,
    one_that_is_stopped_stays_stopped,
    a_signal_that_comes_meanwhile_is_not_lost,
    a_crowd_is_looked_at_together,
    somebody_elses_process_is_an_error,
    one_that_is_gone_is_left_out,
);

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A child that does `work` and ends with what it gives.
fn child(work: impl FnOnce() -> i32) -> Pid {
    // SAFETY: a case is a process of its own, with one thread.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => child,
        ForkResult::Child => {
            let code = work();
            // SAFETY: ends this process, and runs nothing of its parent's.
            unsafe { libc::_exit(code) }
        }
    }
}

/// `None`, aloud, where tracing is denied.
fn look(pids: &[Pid]) -> Option<Vec<Standing>> {
    let pids: Vec<i32> = pids.iter().map(|pid| pid.as_raw()).collect();
    match where_are(&pids, ROOT) {
        Err(Error::Denied(denial)) => {
            testkit::need::say_skipped(&denial.to_string());
            None
        }
        found => Some(found.unwrap()),
    }
}

fn until_state(pid: Pid, state: char) {
    let stat = || proc::stat(pid.as_raw().unsigned_abs()).filter(|stat| stat.state == state);
    until(&format!("process {pid} is in state {state}"), stat);
}

fn end(pid: Pid) {
    kill(pid, Signal::SIGKILL).unwrap();
    waitpid(pid, None).unwrap();
}

fn line(standing: &Standing) -> (&str, u32) {
    let location = standing.place.location().unwrap();
    (location.file.as_str(), location.line)
}

fn one_that_sleeps_in_read_is_told_with_its_line_and_sleeps_on() {
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let read_line = line!() + 3;
    let pid = child(|| {
        let mut byte = [0];
        reader.read_exact(&mut byte).unwrap();
        byte[0].into()
    });
    until_state(pid, 'S');
    for _ in 0..3 {
        let Some(found) = look(&[pid]) else { break };
        let [it] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((it.pid, it.tid, it.doing), (pid.as_raw(), pid.as_raw(), Doing::Sleeping));
        assert_eq!(line(it), ("tests/attach.rs", read_line), "{it:?}");
        let call = it.call.as_ref().unwrap();
        assert!(call.name == "read" && matches!(call.args[0], Value::Fd(_)), "{call:?}");
        assert!(matches!(it.object, Some(Object::Pipe { writes: false, .. })), "{it:?}");
        until_state(pid, 'S');
    }
    writer.write_all(&[42]).unwrap();
    assert_eq!(waitpid(pid, None), Ok(WaitStatus::Exited(pid, 42)), "it has not noticed");
}

fn a_deadlock_is_told_thread_by_thread() {
    let pid = child(|| {
        let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
        let both = Arc::new(Barrier::new(2));
        let one = |first: usize| {
            let (locks, both) = (Arc::clone(&locks), Arc::clone(&both));
            move || {
                let _first = locks[first].lock().unwrap();
                both.wait();
                drop(locks[1 - first].lock().unwrap());
            }
        };
        let thread = std::thread::Builder::new().name("the other".into()).spawn(one(0)).unwrap();
        one(1)();
        thread.join().map_or(1, |()| 0)
    });
    let tasks = until("both wait for a lock", || {
        let tasks = proc::tasks(pid.as_raw().unsigned_abs());
        let waits = |&task: &u32| {
            proc::asleep_in(pid.as_raw().unsigned_abs(), task) == Some(libc::SYS_futex)
        };
        (tasks.len() == 2 && tasks.iter().all(waits)).then_some(tasks)
    });
    if let Some(found) = look(&[pid]) {
        assert_eq!(found.len(), tasks.len(), "{found:?}");
        // Between the barrier and the second lock there is a moment; all have passed it at last.
        let stand = |it: &Standing| {
            it.call.as_ref().is_some_and(|call| call.name == "futex")
                && it.place.api.as_deref().is_some_and(|api| api.contains("Mutex"))
        };
        until("both are seen to wait in Mutex::lock", || {
            look(&[pid]).filter(|found| found.iter().all(stand))
        });
        assert_eq!(found[1].name, "the other");
    }
    end(pid);
}

fn one_that_computes_is_told_with_its_line_and_goes_on() {
    let first = line!() + 2;
    let pid = child(|| {
        let mut number = 0_u64;
        loop {
            number = std::hint::black_box(number.wrapping_mul(3) + 1);
        }
    });
    let used = || proc::stat(pid.as_raw().unsigned_abs()).unwrap().cpu;
    until("it computes", || (!used().is_zero()).then_some(()));
    if let Some(found) = look(&[pid]) {
        let it = &found[0];
        assert_eq!((it.doing, &it.call), (Doing::Computing, &None));
        assert!(!it.used.is_zero(), "{it:?}");
        let (file, line) = line(it);
        assert!(file == "tests/attach.rs" && (first..first + 4).contains(&line), "{it:?}");
    }
    let before = used();
    until("it goes on", || (used() > before).then_some(()));
    end(pid);
}

fn one_that_is_stopped_stays_stopped() {
    let stop = line!() + 2;
    let pid = child(|| {
        raise(Signal::SIGSTOP).unwrap();
        7
    });
    until_state(pid, 'T');
    if let Some(found) = look(&[pid]) {
        assert_eq!((found[0].doing, line(&found[0])), (Doing::Stopped, ("tests/attach.rs", stop)));
        until_state(pid, 'T');
    }
    kill(pid, Signal::SIGCONT).unwrap();
    assert_eq!(waitpid(pid, None), Ok(WaitStatus::Exited(pid, 7)));
}

fn a_signal_that_comes_meanwhile_is_not_lost() {
    for _ in 0..20 {
        let pid = child(testkit::cases::stay);
        until_state(pid, 'S');
        let killer = child(|| i32::from(kill(pid, Signal::SIGTERM).is_err()));
        look(&[pid]);
        assert_eq!(waitpid(killer, None), Ok(WaitStatus::Exited(killer, 0)));
        assert_eq!(waitpid(pid, None), Ok(WaitStatus::Signaled(pid, Signal::SIGTERM, false)));
    }
}

fn a_crowd_is_looked_at_together() {
    let crowd: Vec<Pid> = (0..30).map(|_| child(testkit::cases::stay)).collect();
    for &pid in &crowd {
        until_state(pid, 'S');
    }
    if let Some(found) = look(&crowd) {
        let pids: Vec<i32> = found.iter().map(|it| it.pid).collect();
        assert_eq!(pids, crowd.iter().map(|pid| pid.as_raw()).collect::<Vec<_>>());
        assert!(found.iter().all(|it| it.call.as_ref().is_some_and(|call| call.name == "pause")));
    }
    crowd.into_iter().for_each(end);
}

fn somebody_elses_process_is_an_error() {
    if !Uid::effective().is_root() {
        skip!("only root can become somebody else");
    }
    let other = child(testkit::cases::stay);
    let nobody = child(|| {
        setuid(Uid::from_raw(65534)).unwrap();
        match where_are(&[other.as_raw()], ROOT) {
            Err(Error::Denied(denial)) if denial.errno == syscall::Errno::EPERM => 0,
            _ => 1,
        }
    });
    assert_eq!(waitpid(nobody, None), Ok(WaitStatus::Exited(nobody, 0)));
    end(other);
}

fn one_that_is_gone_is_left_out() {
    let pid = child(|| 0);
    until_state(pid, 'Z');
    assert_eq!(look(&[pid]).unwrap_or_default(), []);
    waitpid(pid, None).unwrap();
    assert_eq!(look(&[pid]).unwrap_or_default(), []);
    assert!(
        where_are(&[pid.as_raw()], "/nowhere/at/all").unwrap_err().to_string().contains("ENOENT")
    );
}
