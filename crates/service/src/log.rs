//! What a server tells on standard error: one event a line, as `key=value` pairs that people can
//! read and programs can search.
//!
//! Three rules. What peers have sent is escaped, so that no name forges a line. What they cause has a
//! limit, so that nobody fills a disk from outside. And standard error may be a pipe whose reader
//! sleeps, or a terminal that was stopped by Ctrl-S: a line that finds no room there is counted, not
//! waited for.
//!
//! The last one is the word of poll(2), which holds as long as nobody else writes to the same pipe
//! in between. Threads do not: a lock is held until the line is out. Another process may.

use std::fmt;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// So many lines a second may be of peers' making; more are counted. Debugging wants all.
const MOST: u32 = 1000;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Off,
    /// What should not be, and statistics.
    Warn,
    /// Who comes and goes, too.
    Info,
    /// Every message, too.
    Debug,
}

impl Level {
    /// What the environment asks for (`RUST_LOG`), if it does so in our words.
    pub fn of_environment() -> Option<Self> {
        std::env::var("RUST_LOG").ok()?.parse().ok()
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "off" => Ok(Self::Off),
            "error" | "warn" => Ok(Self::Warn),
            "info" => Ok(Self::Info),
            "debug" | "trace" => Ok(Self::Debug),
            _ => Err("it is none of off, warn, info and debug".into()),
        }
    }
}

/// Standard error, up to a level. Threads may share it.
#[derive(Debug)]
pub struct Log {
    most: Level,
    lost: AtomicU64,
    /// The second that is counted, and the lines of peers' making in it.
    second: Mutex<Option<(Instant, u32)>>,
}

impl Log {
    /// Tells what is of this level, and what is more important.
    pub fn new(most: Level) -> Self {
        Self { most, lost: AtomicU64::new(0), second: Mutex::new(None) }
    }

    /// How many lines were not written.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Whether lines of this level are told; for those that cost something to make.
    pub fn tells(&self, level: Level) -> bool {
        level != Level::Off && level <= self.most
    }

    /// An event that a peer has caused: `now` decides whether it was too many. Text of his is
    /// written as `{:?}` of its [`harmless`](crate::harmless) form, which has neither newlines nor
    /// bare quotes.
    pub fn say_of_peer(&self, level: Level, now: Instant, event: fmt::Arguments<'_>) {
        if !self.tells(level) {
            return;
        }
        if self.most < Level::Debug && !self.is_bearable(now) {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.say(level, event);
    }

    /// `log.say(Level::Info, format_args!("event=joined name={name:?}"))`
    pub fn say(&self, level: Level, event: fmt::Arguments<'_>) {
        let name = match level {
            Level::Off => return,
            _ if level > self.most => return,
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
        };
        // Formatted before: a line is one write(2), which no other process' line can tear.
        let line = format!("level={name} {event}\n");
        let mut stderr = io::stderr().lock();
        // A pipe is writable while it has room for PIPE_BUF bytes, which a line of ours is below.
        let has_room = {
            let mut fds = [PollFd::new(stderr.as_fd(), PollFlags::POLLOUT)];
            poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
        };
        // A reader that has gone misses nothing.
        if !has_room || stderr.write_all(line.as_bytes()).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn is_bearable(&self, now: Instant) -> bool {
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |&(start, _): &(Instant, u32)| {
            now.saturating_duration_since(start) >= Duration::from_secs(1)
        };
        let (start, lines) = second.filter(|second| !is_over(second)).unwrap_or((now, 0));
        *second = Some((start, lines.saturating_add(1)));
        lines < MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_peers_cause_has_a_limit_and_what_we_say_ourselves_has_none() {
        let log = Log::new(Level::Warn);
        let now = Instant::now();
        for _ in 0..MOST {
            assert!(log.is_bearable(now));
        }
        assert!(!log.is_bearable(now) && !log.is_bearable(now + Duration::from_millis(999)));
        log.say_of_peer(Level::Info, now, format_args!("event=unsaid"));
        assert_eq!(log.lost(), 0, "it would not be told in any case");
        log.say_of_peer(Level::Warn, now, format_args!("event=too_many"));
        assert_eq!(log.lost(), 1);
        assert!(log.is_bearable(now + Duration::from_secs(1)));
    }
}
