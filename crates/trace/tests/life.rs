//! A tracer among others: it takes nothing away from anybody, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::process::Command;
use std::thread;
use std::time::Duration;

use common::{odd, options, output, run, steps_of};
use testkit::until;
use trace::{End, Error, Event, Options, Task, Tracer};

/// Several at once, on threads of their own, beside children that nobody traces.
#[test]
fn tracers_and_plain_children_do_not_disturb_each_other() {
    needs_ptrace!();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let outcome = run("fork").go().unwrap();
                    assert_eq!(outcome.output(), "hello\nended\n", "{outcome}");
                }
            });
        }
        for _ in 0..100 {
            assert!(Command::new("/bin/true").status().unwrap().success());
        }
    });
}

/// Even on the same thread: reports are asked for task by task.
#[test]
fn two_tracers_and_a_child_on_one_thread() {
    needs_ptrace!();
    let mut child = Command::new("/bin/true").spawn().unwrap();
    let mut one = Tracer::start(options("fork")).unwrap();
    let mut other = Tracer::start(options("fork")).unwrap();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    loop {
        let (x, y) = (one.step().unwrap(), other.step().unwrap());
        if x.is_none() && y.is_none() {
            break;
        }
        a.extend(x);
        b.extend(y);
    }
    assert_eq!((output(&a), output(&b)), ("hello\nended\n".into(), "hello\nended\n".into()));
    assert!(child.wait().unwrap().success());
}

/// Dead and not waited for is gone, too: whose parent was killed as well belongs to init.
fn is_there(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn dropping_a_tracer_ends_everybody() {
    needs_ptrace!();
    for name in ["hang", "deadlock", "forever", "many", "forks", "stop", "daemon"] {
        let mut tracer = Tracer::start(options(name).patience(Duration::from_millis(100))).unwrap();
        let mut pids = Vec::new();
        for _ in 0..40 {
            let Some(step) = tracer.step().unwrap() else { break };
            if matches!(step.event, Event::Stuck(_)) {
                break;
            }
            pids.extend(tracer.pid_of(step.task));
        }
        drop(tracer);
        assert!(!pids.is_empty());
        for pid in pids {
            assert!(!is_there(pid), "{name} left {pid}");
        }
    }
}

#[test]
fn a_tracer_that_has_made_no_step_ends_its_program_too() {
    needs_ptrace!();
    let tracer = Tracer::start(options("hang")).unwrap();
    let pid = tracer.pid_of(Task::FIRST).unwrap();
    assert!(is_there(pid));
    drop(tracer);
    assert!(!is_there(pid));
}

#[test]
fn the_end_of_a_tracing_thread_ends_everybody() {
    needs_ptrace!();
    let pid = thread::spawn(|| {
        let tracer = Tracer::start(options("hang")).unwrap();
        let pid = tracer.pid_of(Task::FIRST).unwrap();
        std::mem::forget(tracer);
        pid
    });
    let pid = pid.join().unwrap();
    until("it has ended", || (!is_there(pid)).then_some(()));
}

/// Counted in a process of its own, because other tests open and close descriptors meanwhile.
#[test]
fn nothing_is_left_open() {
    needs_ptrace!();
    if std::env::var_os("ALONE").is_none() {
        let mut alone = Command::new(std::env::current_exe().unwrap());
        alone.args(["--exact", "nothing_is_left_open", "--nocapture"]).env("ALONE", "1");
        let output = alone.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = count();
    for _ in 0..3 {
        let options = Options::new(odd()).arg("fork").root(common::ROOT);
        assert_eq!(output(&steps_of(Tracer::start(options).unwrap())), "hello\nended\n");
    }
    assert_eq!(count(), before);
}

/// A filter that lets this thread, and its children, do anything but trace.
fn deny_ptrace() {
    let statement = |code: u32, k: u32, jt: u8, jf: u8| libc::sock_filter {
        code: u16::try_from(code).unwrap(),
        jt,
        jf,
        k,
    };
    let ptrace = u32::try_from(libc::SYS_ptrace).unwrap();
    let refuse = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
    let mut filter = [
        statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, ptrace, 0, 1),
        statement(libc::BPF_RET | libc::BPF_K, refuse, 0, 0),
        statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0, 0),
    ];
    let program = libc::sock_fprog { len: 4, filter: filter.as_mut_ptr() };
    // SAFETY: no pointers.
    assert_eq!(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }, 0);
    let mode = libc::SECCOMP_MODE_FILTER;
    // SAFETY: the program points to four statements, and lives until the call returns.
    assert_eq!(unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) }, 0);
}

#[test]
fn where_tracing_is_denied_one_sentence_says_so() {
    let error = thread::spawn(|| {
        deny_ptrace();
        Tracer::start(options("fork")).map(drop).unwrap_err()
    });
    let error = error.join().unwrap();
    assert!(matches!(error, Error::Denied(_)), "{error}");
    let sentence = "this system does not allow one process to trace another (ptrace: EPERM)";
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn a_root_that_is_not_there_is_named() {
    let error = Tracer::start(Options::new(odd()).root("/nowhere/at/all")).map(drop).unwrap_err();
    assert!(error.to_string().starts_with("realpath(/nowhere/at/all): "), "{error}");
}

#[test]
fn a_hundred_children_are_told_apart() {
    needs_ptrace!();
    let outcome = run("forks").go().unwrap();
    assert_eq!((outcome.end, outcome.output()), (Some(End::Code(0)), "4950\n".into()));
    let born = outcome.steps.iter().filter(|step| matches!(step.event, Event::Born { .. }));
    let names: std::collections::BTreeSet<Task> = born.map(|step| step.task).collect();
    assert_eq!(names.len(), 100);
}
