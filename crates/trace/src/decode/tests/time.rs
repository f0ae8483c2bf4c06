//! Spans and moments.

use super::super::fake::{Fake, Raw};

#[test]
fn a_moment_is_told_from_a_span() {
    let mut memory = Fake::default();
    let second = memory.put_all([&1_i64 as &dyn Raw, &500_000_000_i64]);
    let nonsense = memory.put_all([&-1_i64 as &dyn Raw, &2_000_000_000_i64]);
    let text = memory.put(*b"hi");
    for (name, args, result, shown) in [
        ("nanosleep", vec![second, 0], None, "nanosleep(1.5s, NULL)"),
        ("nanosleep", vec![nonsense, 0], None, "nanosleep({tv_sec=-1, tv_nsec=2000000000}, NULL)"),
        (
            "clock_nanosleep",
            vec![1, 0, second, second],
            None,
            "clock_nanosleep(CLOCK_MONOTONIC, 0, 1.5s, &…)",
        ),
        (
            "clock_nanosleep",
            vec![1, 1, second, 0],
            None,
            "clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, @…, NULL)",
        ),
        ("clock_gettime", vec![2, second], Some(0), "clock_gettime(CLOCK_PROCESS_CPUTIME_ID, @…)"),
        ("mq_timedsend", vec![3, text, 2, 1, second], None, "mq_timedsend(3, \"hi\", 2, 1, @…)"),
        ("mq_timedsend", vec![3, text, 2, 1, 0], None, "mq_timedsend(3, \"hi\", 2, 1, forever)"),
    ] {
        assert_eq!(memory.show(name, &args, result), shown);
    }
}

#[test]
fn timers_have_an_interval_and_a_value() {
    let mut memory = Fake::default();
    let timer = memory.put_all([&0_i64 as &dyn Raw, &0_i64, &2_i64, &0_i64]);
    let stopped = memory.put([0; 32]);
    let fields = |value| format!("{{it_interval=0ns, it_value={value}}}");
    for (name, args, text) in [
        (
            "timerfd_settime",
            [3, 0, timer, timer],
            format!("timerfd_settime(3, 0, {}, …)", fields("2s")),
        ),
        (
            "timerfd_settime",
            [3, 1, timer, 0],
            format!("timerfd_settime(3, TFD_TIMER_ABSTIME, {}, NULL)", fields("@…")),
        ),
        (
            "timerfd_settime",
            [3, 1, stopped, 0],
            format!("timerfd_settime(3, TFD_TIMER_ABSTIME, {}, NULL)", fields("0ns")),
        ),
        ("setitimer", [0, timer, 0, 0], format!("setitimer(ITIMER_REAL, {}, NULL)", fields("2s"))),
    ] {
        assert_eq!(memory.show(name, &args, None), text);
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn an_alarm_is_set_in_seconds() {
    assert_eq!(Fake::default().show("alarm", &[3], None), "alarm(3s)");
}
