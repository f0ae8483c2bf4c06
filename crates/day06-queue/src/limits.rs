//! What a queue refuses.

use std::fs;
use std::io::{self, Write as _};

use cli::Outcome;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive};
use nix::sys::stat::Mode;

use crate::queue::{Queue, SIZE, name};

pub(crate) fn run() -> Outcome {
    let queue = Queue::new("limits", 2)?;
    let large = queue.send(&"x".repeat(SIZE + 1), 0);
    let urgent = queue.send("x", 32_768);

    // One byte waits, and a buffer of 31 is refused: the kernel looks at what might come. The
    // message stays where it is.
    queue.send("x", 32_767)?;
    let small = mq_receive(queue.fd(), &mut [0; SIZE - 1], &mut 0);
    let kept = queue.receive()?;

    // A name is a slash and no other, and is neither checked by Rust nor by nix.
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
    let attempt = |name: &str, capacity, size| {
        let limits = MqAttr::new(0, capacity, size, 0);
        mq_open(name, flags, Mode::S_IRUSR, Some(&limits)).map(nix::mqueue::mq_close)
    };
    let names = [attempt("jobs", 1, 8), attempt("/a/b", 1, 8), attempt("/", 1, 8)];
    // What nobody may have: no message at all, and more than the kernel's hard limit. Users
    // without privileges get no more than the two settings below, and RLIMIT_MSGQUEUE bytes.
    let none = attempt(&name("none"), 0, 8);
    let many = attempt(&name("many"), 1 << 20, 8);

    let mut out = io::stdout();
    writeln!(out, "a queue for messages of {SIZE} bytes")?;
    writeln!(out, "  send {}: {large:?}; priority 32768: {urgent:?}", SIZE + 1)?;
    writeln!(out, "  1 byte waits, receive into {}: {small:?}, into {SIZE}: {kept:?}", SIZE - 1)?;
    writeln!(out, "  the names jobs, /a/b and /: {}", names.map(|r| told(&r)).join(", "))?;
    writeln!(out, "  room for 0 messages: {}, for 1048576: {}", told(&none), told(&many))?;
    for setting in ["msg_max", "msgsize_max", "queues_max"] {
        // A kernel without queues has no such files, and has refused the first call above.
        let value = fs::read_to_string(format!("/proc/sys/fs/mqueue/{setting}"))?;
        writeln!(out, "  fs.mqueue.{setting} is {}", value.trim_end())?;
    }
    Ok(())
}

fn told<T>(result: &nix::Result<T>) -> String {
    result.as_ref().map_or_else(|errno| format!("{errno:?}"), |_| "made".into())
}
