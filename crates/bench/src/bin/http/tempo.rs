//! The open loop: requests are due at moments that were fixed beforehand, whatever the server does, and
//! what one takes is counted from its moment on. So a server that stops for a while is not spared the
//! requests that would have come meanwhile (Gil Tene's "coordinated omission").

use std::collections::VecDeque;
use std::hint::spin_loop;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use syscall::{Context as _, retry};

use crate::crowd::Question;
use crate::socket::{Come, Room, Socket};

/// A server that is so far behind does not keep up.
const BEHIND: Duration = Duration::from_secs(5);

/// Until it looks again: some microseconds.
const PAUSES: u32 = 50;

/// When requests are due: at chance, as those of many people who know nothing of each other.
pub(crate) fn moments(rate: f64, length: Duration, seed: u64) -> Vec<Duration> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut at = 0.0;
    let next = || {
        at -= (1.0 - random.f64()).ln() / rate;
        Some(Duration::from_secs_f64(at))
    };
    std::iter::from_fn(next).take_while(|&at| at < length).collect()
}

/// What each took, in ascending order.
pub(crate) fn latencies(
    question: &Question,
    connections: usize,
    due: &[Duration],
) -> Outcome<Vec<Duration>> {
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).call("epoll_create1")?;
    let (mut room, mut sockets) = (Room::new(), Vec::new());
    for number in 0..connections {
        let mut socket = Socket::connect(question.server, question.reading())?;
        socket.ask(&question.request)?;
        socket.read_whole(&mut room)?;
        let event = EpollEvent::new(EpollFlags::EPOLLIN, number as u64);
        epoll.add(&socket, event).call("epoll_ctl")?;
        // Since when its request is due.
        sockets.push((socket, Duration::ZERO));
    }
    let mut free: VecDeque<usize> = (0..connections).collect();
    let (mut waiting, mut took) = (due.iter().copied().peekable(), Vec::with_capacity(due.len()));
    let mut events = [EpollEvent::empty(); 64];
    let start = Instant::now();
    while took.len() < due.len() {
        let now = start.elapsed();
        if due.last().is_some_and(|&last| now > last + BEHIND) {
            return Err("it does not keep up".into());
        }
        while let Some(&number) = free.front()
            && let Some(moment) = waiting.next_if(|&moment| moment <= now)
        {
            free.pop_front();
            sockets[number].1 = moment;
            sockets[number].0.ask(&question.request)?;
        }
        // It has a processor of its own, and a timer would be late.
        let n = retry(|| epoll.wait(&mut events, EpollTimeout::ZERO)).call("epoll_wait")?;
        if n == 0 {
            // Both processors may be halves of one, and the server's shall not be slowed down.
            (0..PAUSES).for_each(|_| spin_loop());
        }
        for event in &events[..n] {
            let number = usize::try_from(event.data())?;
            let (socket, moment) = &mut sockets[number];
            match socket.read(&mut room)? {
                Come::Whole(_) => {
                    took.push(start.elapsed().saturating_sub(*moment));
                    free.push_back(number);
                }
                Come::End => return Err("a connection that was to stay has ended".into()),
                Come::Part(_) | Come::Nothing => {}
            }
        }
    }
    took.sort_unstable();
    Ok(took)
}
