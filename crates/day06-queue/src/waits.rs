//! A full queue and an empty one: sleep, do not wait, wait for a time.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::mqueue::{mq_remove_nonblock, mq_set_nonblock, mq_timedreceive};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_gettime};
use process::procfs::{Stat, State};

use crate::child::{finish, start};
use crate::queue::{Queue, SIZE};

pub(crate) fn run() -> Outcome {
    let queue = Queue::new("waits", 2)?;
    // put(block=False) and get(block=False). The flag belongs to the open queue, so all who have
    // inherited this descriptor have it too.
    mq_set_nonblock(queue.fd())?;
    let empty = queue.receive();
    let full = [queue.send("a", 0), queue.send("b", 0), queue.send("c", 0)];

    // Without the flag the third sender sleeps until there is room.
    mq_remove_nonblock(queue.fd())?;
    let child = start(|| Ok(queue.send("c", 0)?))?;
    let mut state = Stat::of(child.pid())?.state;
    while !matches!(state, State::Sleeping | State::Zombie) {
        std::thread::yield_now();
        state = Stat::of(child.pid())?.state;
    }
    let first = queue.receive()?.0;
    finish(child)?;
    let rest = [queue.receive()?.0, queue.receive()?.0].concat();

    // get(timeout=…). The time is a moment on the wall clock: whoever sets the clock changes it.
    let now = clock_gettime(ClockId::CLOCK_REALTIME)?;
    let soon = now + TimeSpec::new(0, 20_000_000);
    let late = loop {
        match mq_timedreceive(queue.fd(), &mut [0; SIZE], &mut 0, &soon) {
            Err(Errno::EINTR) => {}
            done => break done,
        }
    };
    // On Linux a queue is a descriptor, which poll waits for by a clock that nobody sets.
    let ready = poll(&mut [PollFd::new(queue.fd().as_fd(), PollFlags::POLLIN)], 20_u8)?;

    let mut out = io::stdout();
    writeln!(out, "a queue for 2 messages")?;
    writeln!(out, "  O_NONBLOCK: receive from the empty one: {empty:?}; 3 times send: {full:?}")?;
    writeln!(out, "  without it the third sender is in state {state}")?;
    writeln!(out, "  {first} is received: it goes on, and then {rest} are in the queue")?;
    writeln!(out, "  empty, 20 ms: mq_timedreceive: {late:?}, poll: {ready}")?;
    Ok(())
}
