//! What poll(2), select(2) and epoll(7) are asked, and what they say is ready.

use std::mem::{offset_of, size_of};

use super::names::{EPOLL, POLL};
use super::parts::{Block, LIST, at_most, fields, int, list, number_or_pointer};
use super::reader::Reader;
use crate::call::Value;
use crate::sys::Memory;

/// struct epoll_event is packed on x86-64 and has eight-byte fields elsewhere; libc knows.
const EVENT: usize = size_of::<libc::epoll_event>();
const DATA: usize = offset_of!(libc::epoll_event, u64);

/// FD_SETSIZE: the kernel takes larger sets, glibc's type does not hold more.
const SET: i32 = 1024;

impl<M: Memory> Reader<'_, M> {
    /// So many struct pollfd: what is asked, and after it has returned what is ready.
    pub(super) fn poll(&self, at: u64, count: u64) -> Option<Value> {
        let table = self.memory.bytes(at, 8 * at_most(count, LIST));
        let one = |entry: &[u8]| {
            let events = |at| POLL.value(Block(entry).u16(at).into());
            let fd = ("fd", Value::Fd(Block(entry).i32(0)));
            match (self.done(), self.result) {
                (Some(_), _) => fields([fd, ("events", events(4)), ("revents", events(6))]),
                (_, None) => fields([fd, ("events", events(4)), ("revents", Value::Later)]),
                _ => fields([fd, ("events", events(4))]),
            }
        };
        let entries: Vec<_> = table.chunks_exact(8).map(one).collect();
        (count == 0 || !entries.is_empty()).then(|| list(entries, count))
    }

    /// A set for select(2), which the kernel overwrites: what is asked when it is called, what is
    /// ready when it has returned.
    pub(super) fn fd_set(&self, at: u64) -> Option<Value> {
        let limit = int(self.arg(0)).clamp(0, SET);
        let words = usize::try_from(limit).ok()?.div_ceil(64);
        let bytes = self.memory.bytes(at, 8 * words);
        if bytes.len() < 8 * words {
            return None;
        }
        let has = |fd: &i32| {
            usize::try_from(*fd)
                .is_ok_and(|fd| Block(&bytes).u64(fd / 64 * 8) >> (fd % 64) & 1 == 1)
        };
        let members = (0..limit).filter(has);
        let count = members.clone().count() as u64;
        let set = list(members.take(LIST).map(Value::Fd).collect(), count);
        Some(match (self.done(), self.result) {
            (Some(_), _) => fields([("ready", set)]),
            (_, None) => fields([("asked", set), ("ready", Value::Later)]),
            _ => fields([("asked", set)]),
        })
    }

    /// What epoll_ctl(2) is to watch for.
    pub(super) fn epoll_event(&self, at: u64) -> Option<Value> {
        self.memory.array::<EVENT>(at).map(|event| epoll_event(&event))
    }

    /// So many events that have come.
    pub(super) fn events(&self, at: u64, count: u64) -> Option<Value> {
        let table = self.memory.bytes(at, EVENT * at_most(count, LIST));
        let events: Vec<_> = table.chunks_exact(EVENT).map(epoll_event).collect();
        (count == 0 || !events.is_empty()).then(|| list(events, count))
    }
}

fn epoll_event(event: &[u8]) -> Value {
    let event = Block(event);
    let data = number_or_pointer(event.u64(DATA));
    fields([("events", EPOLL.value(event.u32(0).into())), ("data", data)])
}
