//! Counters of what was done, and the page that shows them, in the text format of Prometheus.
//!
//! They lie in memory that processes share: with a process for each client, each child counts, and
//! any of them can show what all have counted. Each worker has a row of its own, so that no two
//! processors fight for one cache line with every answer.

use std::fmt::Write as _;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::files::Answer;
use crate::log::AccessLog;
use crate::message::{Method, Status};

const ROWS: usize = 64;

/// Two cache lines.
const ROW: usize = 16;

// Places in a row. The first five are the classes of status codes, 1xx to 5xx.
const CLASSES: usize = 5;
const BYTES: usize = 5;
const CONNECTIONS: usize = 6;
const LOST: usize = 7;

/// All counters of a server.
#[derive(Debug)]
pub struct Metrics {
    rows: ipc::Atomic<[AtomicU64; ROWS * ROW]>,
    open: ipc::Atomic<AtomicU64>,
}

/// Which row is a worker's.
#[derive(Clone, Copy, Debug)]
pub struct Counters(usize);

impl Metrics {
    /// Zeros.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new() -> ipc::Result<Self> {
        let rows = ipc::Atomic::new([const { AtomicU64::new(0) }; ROWS * ROW])?;
        Ok(Self { rows, open: ipc::Atomic::new(AtomicU64::new(0))? })
    }

    /// The row of a worker. Beyond 64 they share.
    pub fn counters(&self, worker: usize) -> Counters {
        Counters(worker % ROWS * ROW)
    }

    /// A connection has come; so many there are now.
    pub(crate) fn opened(&self, counters: Counters) -> u64 {
        self.add(counters, CONNECTIONS, 1);
        self.open.fetch_add(1, Relaxed) + 1
    }

    pub(crate) fn closed(&self) {
        self.open.fetch_sub(1, Relaxed);
    }

    pub(crate) fn answered(&self, counters: Counters, status: Status, bytes: u64) {
        let class = usize::from(status.code() / 100).clamp(1, CLASSES) - 1;
        self.add(counters, class, 1);
        self.add(counters, BYTES, bytes);
    }

    /// A line of the log had no room.
    pub(crate) fn lost(&self, counters: Counters) {
        self.add(counters, LOST, 1);
    }

    fn add(&self, counters: Counters, place: usize, more: u64) {
        self.rows[counters.0 + place].fetch_add(more, Relaxed);
    }

    /// The sum of all workers.
    fn sum(&self, place: usize) -> u64 {
        self.rows.iter().skip(place).step_by(ROW).map(|count| count.load(Relaxed)).sum()
    }

    pub(crate) fn answer(&self, method: Method<'_>, log: Option<&AccessLog>, answer: &mut Answer) {
        if !matches!(method, Method::Get | Method::Head) {
            return answer.not_allowed("GET, HEAD");
        }
        answer.begin(Status::Ok).field("Cache-Control", b"no-store").pause();
        let text = self.text(log.map_or(0, AccessLog::lost));
        answer.content("text/plain; version=0.0.4; charset=utf-8", text.into_bytes(), false);
    }

    fn text(&self, lost: u64) -> String {
        let mut text = String::from("# TYPE http_responses_total counter\n");
        for class in 0..CLASSES {
            let (name, count) = (class + 1, self.sum(class));
            let _ = writeln!(text, "http_responses_total{{class=\"{name}xx\"}} {count}");
        }
        for (name, kind, count) in [
            ("http_response_content_bytes_total", "counter", self.sum(BYTES)),
            ("http_connections_total", "counter", self.sum(CONNECTIONS)),
            ("http_connections_open", "gauge", self.open.load(Relaxed)),
            ("http_log_lines_lost_total", "counter", self.sum(LOST) + lost),
        ] {
            let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {count}");
        }
        text
    }
}
