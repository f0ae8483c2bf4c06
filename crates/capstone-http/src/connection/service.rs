//! What all connections of a server share.

use std::fmt;
use std::time::Duration;

use super::Handler;
use crate::files::Site;
use crate::log::AccessLog;
use crate::message::Limits;
use crate::metrics::Metrics;

/// The site and its rules.
pub struct Service {
    /// The files.
    pub site: Site,
    /// Who answers beneath which path, such as `/api`.
    pub handler: Option<(Vec<u8>, Box<dyn Handler>)>,
    /// Where the counters are shown.
    pub metrics_path: Option<Vec<u8>>,
    /// The counters.
    pub metrics: Metrics,
    /// A line for each request.
    pub log: Option<AccessLog>,
    /// How long clients may take.
    pub times: Times,
    /// The longest head.
    pub limits: Limits,
    /// The longest body for the handler, in bytes.
    pub body: usize,
    /// Beyond so many connections at once, whoever asks is told 503.
    pub most: u64,
}

impl Service {
    /// The files alone, with the limits that are usual.
    ///
    /// # Errors
    /// ENOMEM: the counters are in memory that processes share.
    pub fn new(site: Site) -> ipc::Result<Self> {
        Ok(Self {
            site,
            handler: None,
            metrics_path: None,
            metrics: Metrics::new()?,
            log: None,
            times: Times::default(),
            limits: Limits::default(),
            body: 256 << 10,
            most: 1024,
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("site", &self.site).finish_non_exhaustive()
    }
}

/// How long a client may take. Who takes longer is dropped; in the middle of a request with 408.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For a head, from its first byte to its last, however slowly it drips.
    pub header: Duration,
    /// For each 16 KiB of a body.
    pub body: Duration,
    /// From an answer to the next request.
    pub idle: Duration,
    /// To take anything of an answer.
    pub write: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { header: seconds(10), body: seconds(30), idle: seconds(60), write: seconds(30) }
    }
}
