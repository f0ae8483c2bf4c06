//! The guarded fork.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::Write as _;
use std::os::fd::AsRawFd;
use std::sync::mpsc::channel;

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{dup2_stdout, getpid, getppid};
use process::procfs::{self, Stat, State};
use process::signals::Disposition;
use process::{Child, Deadline, Error, Exit, Pid, fork};

use testkit::cases::{all_of, next_of, pipe, stay, tell};

testkit::cases!(
    a_child_runs_its_closure_and_nothing_else,
    a_panic_stays_in_the_child,
    what_the_parent_owns_outlives_a_panic_of_the_child,
    a_process_with_threads_does_not_fork,
    a_thread_that_has_ended_does_not_count,
    what_was_printed_before_comes_once_and_what_the_child_prints_comes,
    a_closed_output_is_no_failure,
    without_a_descriptor_there_is_no_child,
    a_child_that_the_kernel_reaps_is_lost_and_not_mistaken,
    a_handle_belongs_to_the_process_that_forked,
    a_child_can_be_adopted_by_number,
);

fn ended(mut child: Child) -> Exit {
    child.join(Deadline::Never).unwrap().unwrap()
}

fn a_child_runs_its_closure_and_nothing_else() {
    let parent = getpid();
    let (reader, writer) = pipe();
    let child = fork(|| {
        tell(&writer, &format!("{} {}", getpid(), getppid()));
        263
    });
    let child = child.unwrap();
    assert_eq!(getpid(), parent, "the child came back");
    assert_eq!(next_of(&reader), format!("{} {parent}", child.pid()));
    assert_eq!(ended(child), Exit::Code(7), "only 8 bits of 263 arrive");
}

fn a_panic_stays_in_the_child() {
    let parent = getpid();
    let child = fork(|| panic!("on purpose")).unwrap();
    assert_eq!(getpid(), parent, "the child came back");
    assert_eq!(ended(child), Exit::Code(101));
}

/// A payload whose destructor panics as well.
struct Worse;

impl Drop for Worse {
    fn drop(&mut self) {
        panic!("again");
    }
}

fn what_the_parent_owns_outlives_a_panic_of_the_child() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path();
    let child = fork(|| panic!("{} is not mine", path.display())).unwrap();
    assert_eq!(ended(child), Exit::Code(101));
    assert!(path.is_dir());

    assert_eq!(ended(fork(|| std::panic::panic_any(Worse)).unwrap()), Exit::Code(101));
    assert!(path.is_dir());
}

fn a_process_with_threads_does_not_fork() {
    let (stop, wait) = channel::<()>();
    let thread = std::thread::spawn(move || wait.recv());
    let refused = fork(|| 0).unwrap_err();
    assert_eq!(refused, Error::Threads(2));
    assert_eq!(refused.errno(), Errno::EINVAL);
    assert_eq!(refused.to_string(), "a process with 2 threads must not fork (EINVAL)");
    drop(stop);
    thread.join().unwrap().unwrap_err();

    // A thread that was joined may be on its way out for a moment and is none any more.
    for _ in 0..300 {
        std::thread::spawn(|| ()).join().unwrap();
        assert_eq!(ended(fork(|| 0).unwrap()), Exit::Code(0));
    }
}

/// The first thread of a process may end before the others; it stays in the list as a zombie.
fn a_thread_that_has_ended_does_not_count() {
    let child = fork(|| {
        std::thread::spawn(|| {
            testkit::until("the first thread has ended", || {
                Stat::of(getpid()).ok().filter(|stat| stat.state == State::Zombie)
            });
            assert_eq!(procfs::tasks(getpid()).unwrap().len(), 2);
            std::process::exit(ended(fork(|| 5).unwrap()).code().unwrap())
        });
        // SAFETY: exit(2), which takes an integer, ends this thread only; it holds nothing.
        unsafe { libc::syscall(libc::SYS_exit, 0) };
        1
    });
    assert_eq!(ended(child.unwrap()), Exit::Code(5));
}

fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).unwrap();
}

fn what_was_printed_before_comes_once_and_what_the_child_prints_comes() {
    let (reader, writer) = pipe();
    let child = fork(|| {
        dup2_stdout(&writer).unwrap();
        print("before ");
        let inner = fork(|| {
            print("child ");
            0
        });
        assert_eq!(ended(inner.unwrap()), Exit::Code(0));
        let inner = fork(|| {
            print("panic ");
            panic!("on purpose");
        });
        assert_eq!(ended(inner.unwrap()), Exit::Code(101));
        print("after");
        0
    });
    drop(writer);
    assert_eq!(ended(child.unwrap()), Exit::Code(0));
    assert_eq!(all_of(reader), "before child panic after");
}

fn a_closed_output_is_no_failure() {
    let (reader, writer) = pipe();
    drop(reader);
    let child = fork(move || {
        dup2_stdout(&writer).unwrap();
        print("to nobody");
        ended(fork(|| 5).unwrap()).code().unwrap()
    });
    assert_eq!(ended(child.unwrap()), Exit::Code(5));
}

/// With SIGCHLD ignored a fork needs the most: two for the gate, and then the child's own.
fn without_a_descriptor_there_is_no_child() {
    let _ignored = Disposition::ignore(nix::sys::signal::Signal::SIGCHLD).unwrap();
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let (_reader, writer) = pipe();
    for free in 0..4 {
        let mut taken: Vec<_> = (0..8).map(|_| writer.try_clone().unwrap()).collect();
        let highest = taken.iter().map(AsRawFd::as_raw_fd).max().unwrap();
        taken.truncate(8 - free);
        let limit = u64::try_from(highest).unwrap() + 1;
        setrlimit(Resource::RLIMIT_NOFILE, limit, hard).unwrap();
        let outcome = fork(stay).map(drop).map_err(|error| error.errno());
        setrlimit(Resource::RLIMIT_NOFILE, soft, hard).unwrap();
        assert_eq!(outcome, if free < 3 { Err(Errno::EMFILE) } else { Ok(()) }, "{free} free");
    }
    // That no child is left is what the runner looks at.
}

/// Runs in the parent inside of fork(3), before our own code: gives the child the time to end, or
/// to come to the gate.
extern "C" fn dawdle() {
    testkit::until("the child has gone or waits", || {
        let children = testkit::leaks::Holdings::now().children;
        let waits = |&pid: &u32| testkit::proc::asleep_in(pid, pid) == Some(libc::SYS_read);
        children.keys().all(waits).then_some(())
    });
}

fn a_child_that_the_kernel_reaps_is_lost_and_not_mistaken() {
    let _ignored = Disposition::ignore(nix::sys::signal::Signal::SIGCHLD).unwrap();
    for round in 0..20 {
        // It has gone, and its number is free, before anybody can look.
        let mut child = fork(|| 5).unwrap();
        assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Lost));
        assert_eq!(child.join(Deadline::Now).unwrap(), Some(Exit::Lost));
        assert_eq!(child.exit_code().unwrap(), None);
        assert!(!child.is_alive().unwrap());
        child.kill().unwrap();
        if round == 10 {
            // SAFETY: the process has one thread, in which the function may do what it likes.
            assert_eq!(unsafe { libc::pthread_atfork(None, Some(dawdle), None) }, 0);
        }
    }
    let (reader, writer) = pipe();
    let mut child = fork(|| {
        next_of(&reader);
        5
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Now).unwrap(), None, "it runs");
    assert!(child.is_alive().unwrap());
    tell(&writer, "go on");
    assert_eq!(child.join(Deadline::after_millis(20_000)).unwrap(), Some(Exit::Lost));
}

fn a_handle_belongs_to_the_process_that_forked() {
    let mut first = Some(fork(stay).unwrap());
    let pid = first.as_ref().unwrap().pid();
    let second = fork(|| {
        let mut copy = first.take().unwrap();
        let refused = Err(Error::NotOurs(pid));
        assert_eq!(copy.join(Deadline::Never), refused);
        assert_eq!(copy.is_alive().unwrap_err(), Error::NotOurs(pid));
        assert_eq!(copy.kill().unwrap_err().errno(), Errno::ECHILD);
        // And what its destructor does to a child that runs is not for a copy to do.
        drop(copy);
        0
    });
    assert_eq!(ended(second.unwrap()), Exit::Code(0));
    let mut first = first.unwrap();
    assert!(first.is_alive().unwrap());
    first.terminate().unwrap();
    assert_eq!(ended(first), Exit::Signal { number: 15, core: false });
}

fn a_child_can_be_adopted_by_number() {
    let (reader, writer) = pipe();
    let pid = fork(move || {
        next_of(&reader);
        9
    })
    .unwrap()
    .leave();
    let child = Child::adopt(pid).unwrap();
    tell(&writer, "go on");
    assert_eq!(ended(child), Exit::Code(9));

    assert_eq!(Child::adopt(pid).unwrap_err(), Error::NotOurs(pid), "it has gone");
    for stranger in [getpid(), getppid(), Pid::from_raw(1), Pid::from_raw(0), Pid::from_raw(-1)] {
        assert_eq!(Child::adopt(stranger).unwrap_err(), Error::NotOurs(stranger));
    }
}
