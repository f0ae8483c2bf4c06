//! Processes: children of this one, in states that they are waited into.

use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid as Number;
use testkit::{proc, until};

use super::{me, object};
use crate::kernel::{look, task_status};
use crate::pid::Pid;
use crate::state::{Object, Process, Status};
use crate::sys::Tid;

/// A child that is killed and waited for at the end.
struct Own(Child);

impl Own {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
    }

    fn pid(&self) -> Tid {
        self.0.id().cast_signed()
    }

    fn look(&self) -> Process {
        look(&[self.pid()], |_| false).processes.remove(&self.pid().into()).unwrap()
    }

    #[track_caller]
    fn until(&self, status: Status) {
        until(&format!("{status:?}"), || (self.look().status == status).then_some(()));
    }

    fn signal(&self, signal: Signal) {
        kill(Number::from_raw(self.pid()), signal).unwrap();
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_process_is_asleep_stopped_a_zombie_and_gone() {
    // cat waits for its input, which is a pipe of ours.
    let mut cat = Own::start(&mut Command::new("cat"));
    cat.until(Status::Asleep);
    let found = cat.look();
    assert_eq!((found.name.as_str(), found.parent), ("cat", Pid::Number(me())));
    let Object::Pipe { writes: false, .. } = found.descriptors[&0].object else {
        panic!("{found:?}")
    };
    assert!(!found.descriptors[&0].close_on_exec);
    assert_eq!(task_status(cat.pid(), cat.pid()), Some('S'));
    let held = look(&[cat.pid()], |tid| tid == cat.pid());
    assert_eq!(held.processes[&cat.pid().into()].status, Status::Ready);

    cat.signal(Signal::SIGSTOP);
    cat.until(Status::Stopped);
    cat.signal(Signal::SIGCONT);
    cat.until(Status::Asleep);
    cat.signal(Signal::SIGTERM);
    cat.until(Status::Zombie);
    let zombie = cat.look();
    assert_eq!((zombie.name.as_str(), zombie.parent), ("cat", Pid::Number(me())));
    assert!(zombie.descriptors.is_empty());
    let held = look(&[cat.pid()], |_| true);
    assert_eq!(held.processes[&cat.pid().into()].status, Status::Zombie);

    assert_eq!(cat.0.wait().unwrap().signal(), Some(libc::SIGTERM));
    assert!(look(&[cat.pid()], |_| true).processes.is_empty());
    assert_eq!(task_status(cat.pid(), cat.pid()), None);
}

#[test]
fn a_busy_process_is_ready() {
    let busy = Own::start(Command::new("sh").args(["-c", "while :; do :; done"]));
    busy.until(Status::Ready);
    assert_eq!(task_status(busy.pid(), busy.pid()), Some('R'));
}

#[test]
fn signals_are_blocked_pending_ignored_and_caught() {
    // A child begins with its maker's mask: a thread of its own has one of its own.
    let child = thread::spawn(|| {
        SigSet::from(Signal::SIGUSR1).thread_block().unwrap();
        let script = "trap '' USR2; trap : TERM; read line";
        Own::start(Command::new("sh").args(["-c", script]))
    });
    let child = child.join().unwrap();
    let bit = |signal: Signal| 1u64 << (signal as i32 - 1);
    let ready = until("the traps are set", || {
        Some(child.look()).filter(|found| found.caught & bit(Signal::SIGTERM) != 0)
    });
    assert_eq!(ready.blocked, bit(Signal::SIGUSR1));
    assert_eq!(ready.pending, 0);
    assert_ne!(ready.ignored & bit(Signal::SIGUSR2), 0);
    child.signal(Signal::SIGUSR1);
    assert_eq!(child.look().pending, bit(Signal::SIGUSR1), "sent to the process");
    // And to its one thread.
    let to = (child.pid(), libc::SIGUSR1);
    // SAFETY: tgkill(2) takes three integers and touches no memory.
    unsafe { libc::syscall(libc::SYS_tgkill, to.0, to.0, to.1) };
    assert_eq!(child.look().pending, bit(Signal::SIGUSR1));
}

#[test]
fn a_process_is_as_lively_as_its_liveliest_thread() {
    let (stop, stopped) = channel::<()>();
    let (tell, told) = channel();
    let sleeper = thread::spawn(move || {
        tell.send(proc::gettid()).unwrap();
        // Until the sender is dropped.
        let _ = stopped.recv();
    });
    let tid = told.recv().unwrap().cast_signed();
    until("it sleeps", || (task_status(me(), tid) == Some('S')).then_some(()));
    // This thread runs, whatever the first one does.
    let state = look(&[me()], |_| false);
    assert_eq!(state.processes[&me().into()].status, Status::Ready);
    assert_eq!(task_status(me(), -1), None);
    drop(stop);
    sleeper.join().unwrap();
}

#[test]
fn a_process_of_which_only_threads_sleep_is_asleep_unless_one_is_held() {
    let Some(python) = testkit::need::program("python3") else { testkit::skip!("no python3") };
    let script = "import threading, time\n\
                  threading.Thread(target=time.sleep, args=(999,), daemon=True).start()\n\
                  print('up', flush=True)\ntime.sleep(999)";
    let mut child = Own::start(Command::new(python).args(["-c", script]));
    let mut line = [0; 3];
    std::io::Read::read_exact(child.0.stdout.as_mut().unwrap(), &mut line).unwrap();
    child.until(Status::Asleep);
    let threads = proc::tasks(child.0.id());
    assert_eq!(threads.len(), 2);
    let other = threads.into_iter().find(|&tid| tid != child.0.id()).unwrap().cast_signed();
    let held = look(&[child.pid()], |tid| tid == other);
    assert_eq!(held.processes[&child.pid().into()].status, Status::Ready);
}

#[test]
fn a_pidfd_knows_whom_it_stands_for() {
    let mut child = Own::start(&mut Command::new("cat"));
    // SAFETY: pidfd_open(2) takes two integers and touches no memory of ours.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.pid(), 0) };
    assert!(fd >= 0);
    // SAFETY: the call has succeeded, so this is a new descriptor that nobody else knows of.
    let fd = unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap()) };
    assert!(fd.as_fd().as_raw_fd() >= 0);
    assert_eq!(object(&fd), Object::Process { pid: Some(child.pid().into()) });
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    assert_eq!(object(&fd), Object::Process { pid: None });
}
