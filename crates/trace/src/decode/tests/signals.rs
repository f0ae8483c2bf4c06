//! Signals.

use super::super::fake::{Fake, Raw, negative};

#[test]
fn an_action_is_a_handler_a_mask_and_flags() {
    let mut memory = Fake::default();
    let new: [&dyn Raw; 4] = [&0x7f00_0000_0000_u64, &0x1400_0004_u64, &9_u64, &(1_u64 << 14)];
    let new = memory.put_all(new);
    let old = memory.put_all([&0_u64 as &dyn Raw, &0_u64, &0_u64, &0_u64]);
    let args = [2, new, old, 8];
    let action = "{sa_handler=&…, sa_mask=[SIGTERM], sa_flags=SA_RESTART|SA_SIGINFO}";
    assert_eq!(
        memory.show("rt_sigaction", &args, None),
        format!("rt_sigaction(SIGINT, {action}, …)")
    );
    assert_eq!(
        memory.show("rt_sigaction", &args, Some(0)),
        format!("rt_sigaction(SIGINT, {action}, {{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}})")
    );
    memory.set(old, &1_u64.to_ne_bytes());
    let ignored = memory.show("rt_sigaction", &[13, old, 0, 8], None);
    assert_eq!(
        ignored,
        "rt_sigaction(SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL)"
    );
}

#[test]
fn sets_are_lists_of_signals() {
    let mut memory = Fake::default();
    let set = memory.put((1_u64 << 9 | 1 << 33).to_ne_bytes());
    let all = memory.put(u64::MAX.to_ne_bytes());
    for (name, args, result, text) in [
        (
            "rt_sigprocmask",
            vec![0, set, all, 8],
            None,
            "rt_sigprocmask(SIG_BLOCK, [SIGUSR1, SIGRTMIN], …)",
        ),
        ("rt_sigprocmask", vec![2, all, 0, 8], Some(0), "rt_sigprocmask(SIG_SETMASK, ~[], NULL)"),
        ("rt_sigsuspend", vec![set, 8], None, "rt_sigsuspend([SIGUSR1, SIGRTMIN])"),
        (
            "signalfd4",
            vec![negative(-1), set, 8, 0o2_000_000],
            None,
            "signalfd4(-1, [SIGUSR1, SIGRTMIN], SFD_CLOEXEC)",
        ),
    ] {
        assert_eq!(memory.show(name, &args, result), text);
    }
}

#[test]
fn sending_and_receiving() {
    let mut memory = Fake::default();
    let queued: [&dyn Raw; 8] =
        [&34_i32, &0_i32, &libc::SI_QUEUE, &0_i32, &77_i32, &1000_i32, &5_i32, &-1_i32];
    let queued = memory.put_all(queued);
    let info = "{si_signo=SIGRTMIN, si_code=SI_QUEUE, si_pid=77, si_value=5}";
    let set = memory.put(0_u64.to_ne_bytes());
    for (name, args, result, text) in [
        ("kill", vec![77, 0], None, "kill(77, 0)".into()),
        ("kill", vec![negative(-77), 15], None, "kill({group=77}, SIGTERM)".into()),
        ("tgkill", vec![77, 78, 6], None, "tgkill(77, 78, SIGABRT)".into()),
        (
            "rt_sigqueueinfo",
            vec![77, 34, queued],
            None,
            format!("rt_sigqueueinfo(77, SIGRTMIN, {info})"),
        ),
        (
            "rt_sigtimedwait",
            vec![set, queued, 0, 8],
            Some(34),
            format!("rt_sigtimedwait([], {info}, forever)"),
        ),
        (
            "pidfd_send_signal",
            vec![5, 9, 0, 0],
            None,
            "pidfd_send_signal(5, SIGKILL, NULL, 0)".into(),
        ),
    ] {
        assert_eq!(memory.show(name, &args, result), text);
    }
    let kill: [&dyn Raw; 8] = [&10_i32, &0_i32, &0_i32, &0_i32, &77_i32, &1000_i32, &0_i32, &0_i32];
    let kill = memory.put_all(kill);
    assert_eq!(
        memory.show("rt_sigtimedwait", &[0, kill, 0, 8], Some(10)),
        "rt_sigtimedwait(NULL, {si_signo=SIGUSR1, si_code=SI_USER, si_pid=77}, forever)"
    );
}

#[test]
fn what_the_kernel_sends_has_no_sender() {
    let mut memory = Fake::default();
    for (signal, code, text) in [
        (libc::SIGSEGV, 1, "{si_signo=SIGSEGV, si_code=0x1}"),
        (libc::SIGALRM, libc::SI_KERNEL, "{si_signo=SIGALRM, si_code=SI_KERNEL}"),
        (libc::SIGCHLD, libc::SI_USER, "{si_signo=SIGCHLD, si_code=SI_USER, si_pid=77}"),
    ] {
        let info: [&dyn Raw; 6] = [&signal, &0_i32, &code, &0_i32, &77_i32, &[0_u8; 12].as_slice()];
        let info = memory.put_all(info);
        let shown = memory.show("rt_sigtimedwait", &[0, info, 0, 8], Some(i64::from(signal)));
        assert_eq!(shown, format!("rt_sigtimedwait(NULL, {text}, forever)"));
    }
}

#[test]
fn a_queue_notifies_by_a_signal_or_not_at_all() {
    let mut memory = Fake::default();
    let event = memory.put_all([&0_u64 as &dyn Raw, &10_i32, &0_i32]);
    assert_eq!(
        memory.show("mq_notify", &[3, event], None),
        "mq_notify(3, {sigev_notify=SIGEV_SIGNAL, sigev_signo=SIGUSR1})"
    );
    assert_eq!(memory.show("mq_notify", &[3, 0], None), "mq_notify(3, NULL)");
}
