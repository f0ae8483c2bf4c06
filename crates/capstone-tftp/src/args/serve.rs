//! What the server is told.

use std::path::PathBuf;
use std::time::Duration;

use capstone_tftp::serve::{Model, Options};
use capstone_tftp::store::Rules;
use cli::{Outcome, Usage};
use service::Level;
use service::args::seconds;
use sockets::addr;

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// The folder whose files are served
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Where to speak the course's protocol, such as 127.0.0.1:6970; port 0 lets the kernel choose
    #[arg(long, value_name = "ADDR")]
    tcp: Option<String>,
    /// Where to speak the real TFTP (RFC 1350), such as 127.0.0.1:6969. Neither is needed when
    /// systemd hands sockets over (LISTEN_FDS)
    #[arg(long, value_name = "ADDR")]
    udp: Option<String>,
    /// Who serves the clients of TCP: iterative, fork, thread, pool or epoll
    #[arg(long, default_value = "epoll")]
    model: Model,
    /// How many threads serve the clients of UDP [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: Option<u16>,
    /// Let uploads replace files
    #[arg(long, conflicts_with = "read_only")]
    overwrite: bool,
    /// Take no uploads
    #[arg(long)]
    read_only: bool,
    /// The longest upload
    #[arg(long, value_name = "BYTES", default_value_t = Rules::default().longest)]
    max_upload: u64,
    /// No uploads into a folder that has so many files
    #[arg(long, value_name = "N", default_value_t = Rules::default().files)]
    max_files: u64,
    /// How many clients of TCP are served at once; the others wait [default: the model's number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_clients: Option<u32>,
    /// How many transfers by UDP there may be at once
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    max_transfers: u32,
    /// End clients of TCP that do not get ahead for so long
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    idle: Duration,
    /// What to tell on standard error: off, warn, info or debug [default: RUST_LOG, or info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<Level>,
    /// At the end, how long transfers that are under way may go on
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    grace: u32,
}

impl Serve {
    pub(crate) fn options(&self) -> Outcome<Options> {
        let resolve = |text: &Option<String>| {
            text.as_deref().map(addr::resolve_one).transpose().map_err(Usage::of)
        };
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Options {
            tcp: resolve(&self.tcp)?,
            udp: resolve(&self.udp)?,
            model: self.model,
            workers: self.workers.map_or_else(processors, usize::from),
            rules: Rules {
                writable: !self.read_only,
                overwrite: self.overwrite,
                longest: self.max_upload,
                files: self.max_files,
            },
            clients: self.max_clients.map(|clients| clients as usize),
            transfers: self.max_transfers as usize,
            idle: self.idle,
            log: self.log.or_else(Level::of_environment).unwrap_or(Level::Info),
            grace: Duration::from_secs(self.grace.into()),
        })
    }
}
