//! Processes and threads.

use super::super::fake::{Fake, Raw, negative};
use crate::call::{Class, Value};

#[test]
fn clone_makes_a_process_or_a_thread() {
    let mut memory = Fake::default();
    let fork = memory.call("clone", &[0x0120_0011, 0, 0, 0x7f00_0000_0000], None);
    let text = "clone(SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID, NULL, NULL, &…, NULL)";
    assert_eq!(fork.to_string(), text);
    assert_eq!(fork.class, Class::Process);
    let mut args = vec![0; 88];
    args[..8].copy_from_slice(&(0x10100_u64).to_ne_bytes());
    args[40] = 1;
    let args = memory.put(args);
    let thread = memory.call("clone3", &[args, 88], None);
    let text = "clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0, stack=&…})";
    assert_eq!(thread.to_string(), text);
    assert_eq!(thread.class, Class::Thread);
}

#[test]
fn exec_shows_its_arguments_and_not_its_environment() {
    let mut memory = Fake::default();
    let (path, arg) = (memory.put(*b"/bin/echo\0"), memory.put(*b"hi\0"));
    let args = memory.put_all([&path as &dyn Raw, &arg, &0_u64]);
    assert_eq!(
        memory.show("execve", &[path, args, args], None),
        "execve(\"/bin/echo\", [\"/bin/echo\", \"hi\"], &…)"
    );
    let many = memory.put(arg.to_ne_bytes().repeat(100));
    let shown = memory.show("execve", &[path, many, 0], None);
    assert_eq!(shown.matches("\"hi\"").count(), 16);
    assert!(shown.ends_with(", …], NULL)"), "{shown}");
}

#[test]
fn waiting_tells_how_somebody_has_ended() {
    let mut memory = Fake::default();
    let status = memory.put((3_i32 << 8).to_ne_bytes());
    let args = [negative(-1), status, 1, 0];
    assert_eq!(memory.show("wait4", &args, None), "wait4(-1, …, WNOHANG, NULL)");
    assert_eq!(memory.show("wait4", &args, Some(0)), "wait4(-1, &…, WNOHANG, NULL)");
    assert_eq!(memory.show("wait4", &args, Some(77)), "wait4(-1, {WEXITSTATUS=3}, WNOHANG, NULL)");
    assert_eq!(
        memory.show("wait4", &[negative(-9), 0, 0, 0], None),
        "wait4({group=9}, NULL, 0, NULL)"
    );
    let exited: [&dyn Raw; 8] =
        [&17_i32, &0_i32, &1_i32, &0_i32, &77_i32, &1000_i32, &3_i32, &0_i32];
    let info = memory.put_all(exited);
    assert_eq!(
        memory.show("waitid", &[3, 5, info, 4, 0], Some(0)),
        "waitid(P_PIDFD, 5, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=77, si_status=3}, \
         WEXITED, NULL)"
    );
    memory.set(info + 8, &libc::CLD_KILLED.to_ne_bytes());
    memory.set(info + 24, &libc::SIGKILL.to_ne_bytes());
    assert_eq!(
        memory.show("waitid", &[1, 77, info, 4, 0], Some(0)),
        "waitid(P_PID, 77, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=77, si_status=SIGKILL}, \
         WEXITED, NULL)"
    );
    memory.set(info, &0_i32.to_ne_bytes());
    assert_eq!(
        memory.show("waitid", &[0, 0, info, 5, 0], Some(0)),
        "waitid(P_ALL, 0, {}, WEXITED|WNOHANG, NULL)"
    );
}

#[test]
fn properties_by_name() {
    let mut memory = Fake::default();
    let name = memory.put(*b"worker\0");
    for (args, text) in [
        ([15, name], "prctl(PR_SET_NAME, \"worker\")"),
        ([1, 9], "prctl(PR_SET_PDEATHSIG, SIGKILL)"),
        ([36, 1], "prctl(PR_SET_CHILD_SUBREAPER, 1)"),
        ([3, 0], "prctl(PR_GET_DUMPABLE)"),
        ([999, 5], "prctl(0x3e7, 5)"),
    ] {
        assert_eq!(memory.show("prctl", &args, None), text);
    }
    assert_eq!(memory.show("setpriority", &[0, 0, 10], None), "setpriority(PRIO_PROCESS, 0, 10)");
}

#[test]
fn a_futex_has_the_arguments_of_its_operation() {
    let mut memory = Fake::default();
    let time = memory.put_all([&1_i64 as &dyn Raw, &0_i64]);
    let word = 0x7f00_0000_0000;
    let private = "|FUTEX_PRIVATE_FLAG";
    for (args, text) in [
        ([word, 128, 2, 0, 0, 0], format!("FUTEX_WAIT{private}, 2, forever")),
        ([word, 128, 2, time, 0, 0], format!("FUTEX_WAIT{private}, 2, 1s")),
        ([word, 129, 1, 0, 0, 0], format!("FUTEX_WAKE{private}, 1")),
        (
            [word, 137, 2, time, 0, 0xffff_ffff],
            format!("FUTEX_WAIT_BITSET{private}, 2, @…, FUTEX_BITSET_MATCH_ANY"),
        ),
        ([word, 0, 0, 0, 0, 0], "FUTEX_WAIT, 0, forever".into()),
        (
            [word, 0, 0x8000_004d, 0, 0, 0],
            "FUTEX_WAIT, {owner=77, flags=FUTEX_WAITERS}, forever".into(),
        ),
        ([word, 128, 0x8000_004d, 0, 0, 0], format!("FUTEX_WAIT{private}, 2147483725, forever")),
        ([word, 6, 0, time, 0, 0], "FUTEX_LOCK_PI, @…".into()),
        ([word, 7, 0, 0, 0, 0], "FUTEX_UNLOCK_PI".into()),
        ([word, 4, 1, 9, word, 3], "FUTEX_CMP_REQUEUE, 1, 9, &…, 3".into()),
    ] {
        assert_eq!(memory.show("futex", &args, None), format!("futex(&…, {text})"));
    }
    let join = memory.call("futex", &[word, 9 | 256, 77, 0, 0, 0xffff_ffff], None);
    assert_eq!(join.args[2], Value::Pid(77.into()));
    let semaphore = memory.call("futex", &[word, 9 | 256, 0, 0, 0, 0xffff_ffff], None);
    assert_eq!(semaphore.args[2], Value::Int(0));
}
