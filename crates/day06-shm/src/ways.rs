//! Four ways for numbers to come from a child to its parent. Each gives the time that they took.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_close, mq_open, mq_receive, mq_send, mq_unlink};
use nix::sys::stat::Mode;
use syscall::{Context as _, retry};

use crate::left::new_name;
use crate::map::Map;
use crate::semaphore::Semaphore;
use crate::worker::Worker;

/// The clock begins when the child is there and told to go, and ends with the last number.
fn timed(child: &Worker, receive: impl FnOnce() -> Outcome) -> Outcome<Duration> {
    child.hear()?;
    let begin = Instant::now();
    child.tell()?;
    receive()?;
    Ok(begin.elapsed())
}

/// Copied into the kernel and out of it; the pipe holds 64 KiB, so the sender runs ahead.
pub(crate) fn pipe(count: u64) -> Outcome<Duration> {
    let (mut reader, writer) = std::io::pipe()?;
    let mut ours = Some(writer);
    let child = Worker::start(|line| {
        let mut writer = ours.take().ok_or("no writer")?;
        line.tell()?;
        line.hear()?;
        (1..=count).try_for_each(|number| Ok(writer.write_all(&number.to_ne_bytes())?))
    })?;
    drop(ours);
    let taken = timed(&child, || {
        let mut bytes = [0; 8];
        (1..=count).try_for_each(|number| {
            reader.read_exact(&mut bytes)?;
            expect(u64::from_ne_bytes(bytes), number)
        })
    })?;
    child.finish()?;
    Ok(taken)
}

/// Closed with its owner. The kernel's object goes with the last who has it open.
struct Queue(Option<MqdT>);

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            let _ = mq_close(queue);
        }
    }
}

/// The same, one message for each call, and at most 10 wait in the queue.
pub(crate) fn queue(count: u64) -> Outcome<Duration> {
    let name = new_name();
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
    let attributes = MqAttr::new(0, 10, 8, 0);
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let queue = mq_open(name.as_str(), flags, mode, Some(&attributes)).call("mq_open")?;
    let queue = Queue(Some(queue));
    // The child gets it by fork: nobody needs the name any more.
    mq_unlink(name.as_str()).call("mq_unlink")?;
    let queue = queue.0.as_ref().ok_or("no queue")?;
    let child = Worker::start(|line| {
        line.tell()?;
        line.hear()?;
        let send = |number: u64| retry(|| mq_send(queue, &number.to_ne_bytes(), 0));
        (1..=count).try_for_each(|number| Ok(send(number).call("mq_send")?))
    })?;
    let taken = timed(&child, || {
        let mut bytes = [0; 8];
        (1..=count).try_for_each(|number| {
            retry(|| mq_receive(queue, &mut bytes, &mut 0)).call("mq_receive")?;
            expect(u64::from_ne_bytes(bytes), number)
        })
    })?;
    child.finish()?;
    Ok(taken)
}

/// One place in shared memory, no copy by the kernel, and two semaphores: "it is free", "it is
/// full". Nothing is lost, and the two wait for each other at every number. What makes shared
/// memory fast is more places than one, so that nobody waits as long as there is one (`ipc`).
pub(crate) fn handshake(count: u64) -> Outcome<Duration> {
    let place = Map::<AtomicU64>::anonymous()?;
    let (free, full) = (Semaphore::new(1)?, Semaphore::new(0)?);
    let child = Worker::start(|line| {
        line.tell()?;
        line.hear()?;
        (1..=count).try_for_each(|number| {
            free.acquire()?;
            place.store(number, Ordering::Relaxed);
            Ok(full.release()?)
        })
    })?;
    let taken = timed(&child, || {
        (1..=count).try_for_each(|number| {
            full.acquire()?;
            expect(place.load(Ordering::Relaxed), number)?;
            Ok(free.release()?)
        })
    })?;
    child.finish()?;
    Ok(taken)
}

/// The same place and nobody waits. How many of the numbers the parent has seen comes along: the
/// others were covered by the next one first.
pub(crate) fn overwriting(count: u64) -> Outcome<(Duration, u64)> {
    let place = Map::<AtomicU64>::anonymous()?;
    let child = Worker::start(|line| {
        line.tell()?;
        line.hear()?;
        (1..=count).for_each(|number| place.store(number, Ordering::Relaxed));
        Ok(())
    })?;
    let mut seen = 0;
    let taken = timed(&child, || {
        let mut last = 0;
        while last < count {
            let now = place.load(Ordering::Relaxed);
            seen += u64::from(now != last);
            last = now;
            std::thread::yield_now();
        }
        Ok(())
    })?;
    child.finish()?;
    Ok((taken, seen))
}

fn expect(got: u64, sent: u64) -> Outcome {
    if got == sent { Ok(()) } else { Err(format!("{got} has come instead of {sent}").into()) }
}
