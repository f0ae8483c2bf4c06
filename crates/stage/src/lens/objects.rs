//! What a descriptor stands for, in words: `tcp LISTEN 127.0.0.1:40000, backlog 1 of 128`.

use std::fmt::Write as _;

use trace::{Address, Descriptor, LockKind, Object, Socket};

use super::kernel::set;
use super::world::World;

/// A descriptor, its flags and its locks.
pub(super) fn describe(descriptor: &Descriptor, world: &World) -> String {
    // What it is comes first: the end of a line may be cut off.
    let mut text = object(&descriptor.object, world);
    if descriptor.nonblocking {
        text.push_str(", nonblocking");
    }
    if !descriptor.close_on_exec {
        text.push_str(", kept by exec");
    }
    for lock in &descriptor.locks {
        let how = if lock.exclusive { "exclusive" } else { "shared" };
        let kind = match lock.kind {
            LockKind::Flock => "flock",
            LockKind::Posix => "lock of the process",
            LockKind::Ofd => "lock of the open file",
        };
        // Writing to a String does not fail.
        let _ = write!(text, ", {how} {kind}");
        if lock.start != 0 || lock.end.is_some() {
            let end = lock.end.map_or("the end".into(), |end| end.to_string());
            let _ = write!(text, " on bytes {} to {end}", lock.start);
        }
    }
    text
}

fn object(object: &Object, world: &World) -> String {
    match object {
        Object::File { path, offset: 0 } => path.clone(),
        Object::File { path, offset } => format!("{path} at byte {offset}"),
        Object::Pipe { path, writes, queued, capacity, inode } => {
            let name = path.clone().unwrap_or_else(|| format!("number {inode}"));
            let end = if *writes { "write end" } else { "read end" };
            format!("pipe, {end}{}, {name}", filled(*queued, *capacity, "bytes"))
        }
        Object::Socket(it) => socket(it),
        Object::Epoll { watches } => {
            let watch = |(fd, events): (&i32, &u32)| format!("{fd} ({})", epoll_events(*events));
            let watches: Vec<_> = watches.iter().map(watch).collect();
            match watches.len() {
                0 => "epoll, watches nothing".into(),
                _ => format!("epoll, watches {}", watches.join(", ")),
            }
        }
        Object::Event { count } => format!("eventfd, count {count}"),
        Object::Signals { mask } => format!("signalfd, takes {}", set(*mask)),
        Object::Timer => "timerfd".into(),
        Object::Queue { name, queued, capacity } => {
            format!("queue {name}{}", filled(*queued, *capacity, "messages"))
        }
        Object::Process { pid: Some(pid) } => format!("pidfd of {}", world.name(*pid)),
        Object::Process { pid: None } => "pidfd of nobody: it was waited for".into(),
        Object::Terminal => "terminal".into(),
        Object::Other(what) => what.clone(),
    }
}

fn filled(queued: Option<u64>, capacity: Option<u64>, what: &str) -> String {
    match (queued, capacity) {
        (Some(queued), Some(capacity)) => format!(", {queued} of {capacity} {what}"),
        (Some(queued), None) => format!(", {queued} {what}"),
        _ => String::new(),
    }
}

/// What differs from socket to socket comes first: the end of a line may be cut off.
fn socket(socket: &Socket) -> String {
    let mut text = socket.kind.clone();
    // Writing to a String does not fail.
    if let Some(state) = &socket.state {
        let _ = write!(text, " {state}");
    }
    if let Some(backlog) = socket.backlog {
        let limit = backlog.limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
        let _ = write!(text, ", backlog {}{limit}", backlog.waiting);
    }
    if let Some(bytes @ 1..) = socket.readable {
        let _ = write!(text, ", {} to read", count(bytes));
    }
    if let Some(bytes @ 1..) = socket.unsent {
        let _ = write!(text, ", {} unsent", count(bytes));
    }
    // A Unix socket whose peer has no name has one all the same: its state says so.
    let peer = socket.peer.as_ref().filter(|peer| **peer != Address::Unnamed);
    let _ = match (&socket.local, peer) {
        (Some(local), Some(peer)) => write!(text, ", {local} ↔ {peer}"),
        (Some(local), None) => write!(text, ", {local}"),
        (None, Some(peer)) => write!(text, ", ↔ {peer}"),
        (None, None) => Ok(()),
    };
    text
}

fn count(bytes: u64) -> String {
    if bytes == 1 { "1 byte".into() } else { format!("{bytes} bytes") }
}

/// epoll_ctl(2), without their common beginning.
fn epoll_events(events: u32) -> String {
    let names = [
        (0x1, "IN"),
        (0x2, "PRI"),
        (0x4, "OUT"),
        (0x2000, "RDHUP"),
        (1 << 28, "EXCLUSIVE"),
        (1 << 29, "WAKEUP"),
        (1 << 30, "ONESHOT"),
        (1 << 31, "ET"),
    ];
    let set: Vec<_> =
        names.into_iter().filter(|(bit, _)| events & bit != 0).map(|(_, name)| name).collect();
    if set.is_empty() { "nothing".into() } else { set.join("|") }
}

/// Whether two descriptions are of one thing, whatever is in it by now.
pub(super) fn same_thing(a: &Object, b: &Object) -> bool {
    match (a, b) {
        (Object::Pipe { inode: a, writes: w, .. }, Object::Pipe { inode: b, writes: v, .. }) => {
            (a, w) == (b, v)
        }
        (Object::File { path: a, .. }, Object::File { path: b, .. }) => a == b,
        (Object::Socket(a), Object::Socket(b)) => (&a.kind, &a.local) == (&b.kind, &b.local),
        (a, b) => a == b,
    }
}
