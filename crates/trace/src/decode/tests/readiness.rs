//! poll, select, epoll.

use super::super::fake::{Fake, Raw, negative, registers};
use super::super::{finish, number};

#[test]
fn poll_is_asked_for_events_and_answers_with_others() {
    let mut memory = Fake::default();
    let table = memory.put_all([&3_i32 as &dyn Raw, &1_i16, &0_i16, &4_i32, &5_i16, &0x10_i16]);
    let asked = "ppoll([{fd=3, events=POLLIN, revents=…}, \
                 {fd=4, events=POLLIN|POLLOUT, revents=…}], 2, forever, NULL)";
    assert_eq!(memory.show("ppoll", &[table, 2, 0, 0], None), asked);
    let answered = "ppoll([{fd=3, events=POLLIN, revents=0}, \
                    {fd=4, events=POLLIN|POLLOUT, revents=POLLHUP}], 2, forever, NULL)";
    assert_eq!(memory.show("ppoll", &[table, 2, 0, 0], Some(1)), answered);
    let failed = "ppoll([{fd=3, events=POLLIN}], 1, forever, NULL)";
    assert_eq!(memory.show("ppoll", &[table, 1, 0, 0], Some(-4)), failed);
    assert_eq!(memory.show("ppoll", &[0, 0, 0, 0], None), "ppoll(NULL, 0, forever, NULL)");

    let (number, args) = (number("ppoll").unwrap(), registers(&[table, 2, 0, 0]));
    let mut call = memory.call("ppoll", &args, None);
    finish(&mut call, number, &args, &memory, 1);
    assert_eq!(call.to_string(), answered);
    let mut call = memory.call("ppoll", &args, None);
    finish(&mut call, number, &args, &memory, -4);
    assert!(!call.to_string().contains("revents"), "{call}");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_time_limit_in_milliseconds() {
    let memory = Fake::default();
    assert_eq!(memory.show("poll", &[0, 0, 250], None), "poll(NULL, 0, 250ms)");
    assert_eq!(memory.show("poll", &[0, 0, negative(-1)], None), "poll(NULL, 0, forever)");
    assert_eq!(memory.show("epoll_wait", &[3, 0, 9, 0], None), "epoll_wait(3, NULL, 9, 0ns)");
}

#[test]
fn a_set_is_asked_and_overwritten_and_so_is_the_time() {
    let mut memory = Fake::default();
    let reads = memory.put((1_u64 << 3 | 1 << 5).to_ne_bytes());
    let writes = memory.put((1_u64 << 4).to_ne_bytes());
    let time = memory.put_all([&2_i64 as &dyn Raw, &0_i64]);
    let registers = registers(&[6, reads, writes, 0, time, 0]);
    let mut call = memory.call("pselect6", &registers, None);
    assert_eq!(
        call.to_string(),
        "pselect6(6, {asked=[3, 5], ready=…}, {asked=[4], ready=…}, NULL, 2s, NULL)"
    );
    memory.set(reads, &(1_u64 << 5).to_ne_bytes());
    memory.set(writes, &0_u64.to_ne_bytes());
    memory.set(time, &1_i64.to_ne_bytes());
    assert_eq!(
        memory.show("pselect6", &registers, Some(1)),
        "pselect6(6, {ready=[5]}, {ready=[]}, NULL, 1s, NULL)"
    );
    finish(&mut call, number("pselect6").unwrap(), &registers, &memory, 1);
    assert_eq!(
        call.to_string(),
        "pselect6(6, {asked=[3, 5], ready=[5]}, {asked=[4], ready=[]}, NULL, 2s, NULL)"
    );
}

#[test]
fn an_event_of_epoll_has_the_layout_of_its_processor() {
    let event =
        libc::epoll_event { events: (libc::EPOLLIN | libc::EPOLLET).cast_unsigned(), u64: 7 };
    let (events, data) = (event.events, event.u64);
    let gap = vec![0_u8; std::mem::offset_of!(libc::epoll_event, u64) - 4];
    let bytes = [events.to_ne_bytes().as_slice(), &gap, &data.to_ne_bytes()].concat();
    let mut memory = Fake::default();
    let at = memory.put(bytes.repeat(2));
    let one = "{events=EPOLLIN|EPOLLET, data=7}";
    assert_eq!(
        memory.show("epoll_ctl", &[4, 1, 5, at], None),
        format!("epoll_ctl(4, EPOLL_CTL_ADD, 5, {one})")
    );
    assert_eq!(
        memory.show("epoll_ctl", &[4, 2, 5, 0], None),
        "epoll_ctl(4, EPOLL_CTL_DEL, 5, NULL)"
    );
    let args = [4, at, 64, negative(-1), 0, 8];
    assert_eq!(memory.show("epoll_pwait", &args, None), "epoll_pwait(4, …, 64, forever, NULL)");
    assert_eq!(
        memory.show("epoll_pwait", &args, Some(2)),
        format!("epoll_pwait(4, [{one}, {one}], 64, forever, NULL)")
    );
    assert_eq!(memory.show("epoll_pwait", &args, Some(0)), "epoll_pwait(4, [], 64, forever, NULL)");
}
