//! Calls as they are shown, by kind of call; and what holds for all of them.

mod files;
mod hostile;
mod processes;
mod readiness;
mod signals;
mod sockets;
mod time;

use super::fake::{Fake, registers};
use super::*;
use crate::call::Bytes;

#[test]
fn every_row_is_found_by_its_number_and_by_its_name() {
    assert!(table::all().count() > 150);
    for row in table::all() {
        assert_eq!(number(row.name), Some(row.number));
        assert_eq!(name(row.number), row.name);
        assert_eq!(class(row.number), row.class);
        assert!(row.args.len() <= 6, "{}", row.name);
    }
    assert_eq!(number("accept4"), u64::try_from(libc::SYS_accept4).ok());
    assert_eq!(number("no_such_call"), None);
}

#[test]
fn a_call_without_a_row_is_shown_raw() {
    let args = registers(&[3, 0x7fff_1234_5678, 0, 7]);
    for unknown in [511, 512, u64::MAX] {
        let call = call(unknown, &args, &Fake::default(), None);
        assert_eq!(call.to_string(), format!("syscall_{unknown}(3, &…, 0)"));
        assert_eq!(call.class, Class::Other);
        assert_eq!(answer(unknown, &args, 5), Answer::Value(Value::Int(5)));
    }
}

#[test]
fn an_answer_is_a_value_an_errno_or_none_yet() {
    let show = |name: &str, args: &[u64], result| {
        answer(number(name).unwrap(), &registers(args), result).to_string()
    };
    assert_eq!(show("read", &[], 12), "12");
    assert_eq!(show("connect", &[], -111), "-1 ECONNREFUSED");
    assert_eq!(show("read", &[], -4095), "-1 E4095");
    for restart in 512..=516 {
        assert_eq!(show("read", &[], -restart), "interrupted");
    }
    assert_eq!(show("mmap", &[], 0x7fff_0000_0000), "&…");
    assert_eq!(show("read", &[], i64::MIN), i64::MIN.to_string());
    let typed = |name: &str, args: &[u64], result| {
        let Answer::Value(value) = answer(number(name).unwrap(), &registers(args), result) else {
            panic!("{name} has not failed");
        };
        value
    };
    assert_eq!(typed("openat", &[], 4), Value::Fd(4));
    assert_eq!(typed("accept4", &[], 5), Value::Fd(5));
    assert_eq!(typed("clone3", &[], 1000), Value::Pid(1000.into()));
    assert_eq!(typed("clone3", &[], 0), Value::Int(0));
    assert_eq!(typed("wait4", &[], 1000), Value::Pid(1000.into()));
    assert_eq!(typed("rt_sigtimedwait", &[], 10), Value::Signal(10));
    assert_eq!(typed("fcntl", &[3, 1], 1).to_string(), "FD_CLOEXEC");
    assert_eq!(typed("fcntl", &[3, 3], 0o4002).to_string(), "O_RDWR|O_NONBLOCK");
    assert_eq!(typed("fcntl", &[3, 1030], 9), Value::Fd(9));
    assert_eq!(typed("fcntl", &[3, 9], 1000), Value::Pid(1000.into()));
    assert_eq!(typed("fcntl", &[3, 1032], 65536), Value::Int(65536));
}

#[test]
fn what_the_kernel_fills_in_is_there_later_or_never() {
    let mut memory = Fake::default();
    let room = memory.put(*b"hello and what was there before");
    let args = [3, room, 1024];
    assert_eq!(memory.show("read", &args, None), "read(3, …, 1024)");
    assert_eq!(memory.show("read", &args, Some(-512)), "read(3, …, 1024)");
    assert_eq!(memory.show("read", &args, Some(5)), "read(3, \"hello\", 1024)");
    assert_eq!(memory.show("read", &args, Some(0)), "read(3, \"\", 1024)");
    assert_eq!(memory.show("read", &args, Some(-11)), "read(3, &…, 1024)");
    assert_eq!(memory.show("read", &[3, 0, 1024], None), "read(3, NULL, 1024)");
    // MSG_TRUNC: the result is the length of a datagram that did not fit.
    let cut = memory.show("recvfrom", &[3, room, 5, 0x20, 0, 0], Some(9));
    assert_eq!(cut, "recvfrom(3, \"hello\", 5, MSG_TRUNC, NULL)");
}

#[test]
fn what_was_given_stays_as_it_was_given() {
    let mut memory = Fake::default();
    let path = memory.put(*b"/bin/true\0");
    let number = number("execve").unwrap();
    let args = registers(&[path, 0, 0]);
    let mut made = call(number, &args, &memory, None);
    finish(&mut made, number, &args, &Fake::default(), 0);
    assert_eq!(made.to_string(), "execve(\"/bin/true\", NULL, NULL)");

    let number = super::number("read").unwrap();
    let args = registers(&[3, path, 4]);
    let mut made = call(number, &args, &memory, None);
    finish(&mut made, number, &args, &memory, 4);
    assert_eq!(made.to_string(), "read(3, \"/bin\", 4)");
}

#[test]
fn values_are_shown_as_c_writes_them() {
    let bytes = |head: &[u8], length| Value::Bytes(Bytes { head: head.into(), length });
    for (value, text) in [
        (bytes(b"it's \"a\"\r\n\0\x07\xff", 13), r#""it's \"a\"\r\n\0\x07\xff""#),
        (bytes("老司机".as_bytes(), 9), "\"老司机\""),
        (bytes(&"老司机".as_bytes()[..8], 9), "\"老司\"…"),
        (bytes(&"老司机".as_bytes()[..8], 8), "\"老司\\xe6\\x9c\""),
        (Value::Text("a\nb".into()), "\"a\\nb\""),
        (Value::Time(Some(std::time::Duration::from_millis(1500))), "1.5s"),
        (Value::List(vec![Value::Null, Value::Moment, Value::More]), "[NULL, @…, …]"),
        (Value::Fields(vec![("a".into(), Value::Pointer)]), "{a=&…}"),
    ] {
        assert_eq!(value.to_string(), text);
    }
}
