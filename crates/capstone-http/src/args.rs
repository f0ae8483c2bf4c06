//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use capstone_http::connection::{Service, Times};
use capstone_http::files;
use capstone_http::server::{Model, Options};
use clap::Parser;
use cli::{Outcome, Usage};
use service::Level;
use service::args::seconds;
use sockets::addr;

const EXAMPLES: &str = "\
Examples:
  capstone-http book
  capstone-http book --listen [::]:80 --access-log access.log --metrics /metrics
  capstone-http book --model fork --max-connections 20
  capstone-http book --data /api    then: curl http://127.0.0.1:8080/api

Exit status: 0 after SIGINT or SIGTERM; 1 with one sentence about what went wrong; 2 for a mistake
in the arguments.";

/// An HTTP/1.1 server for a folder of files.
#[derive(Debug, Parser)]
#[command(name = "capstone-http", after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that is served
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Where to listen; port 0 lets the kernel choose. Of no meaning when systemd hands sockets over
    /// (LISTEN_FDS)
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// Who serves a connection: iterative, fork, thread, pool or epoll
    #[arg(long, default_value = "epoll")]
    pub(crate) model: Model,
    /// How many event loops there are [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: Option<u16>,
    /// How many connections are served at once; who comes then is told 503, or waits [default: the
    /// model's number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: Option<u32>,
    /// How long a client may take for the head of a request
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    header_time: Duration,
    /// How long it may take for each 16 KiB of its body
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    body_time: Duration,
    /// How long a connection is kept between two requests
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    idle: Duration,
    /// How long a client may take nothing of its answer
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    write_time: Duration,
    /// The Cache-Control of files, such as max-age=3600
    #[arg(long, value_name = "VALUE")]
    cache_control: Option<String>,
    /// Whose scripts may read the files, and use the data: an origin, or *
    #[arg(long, value_name = "ORIGIN")]
    cors: Option<String>,
    /// The page for what does not exist, by its name beneath DIR
    #[arg(long, value_name = "FILE")]
    not_found: Option<String>,
    /// Show no listings of folders without index.html
    #[arg(long)]
    no_listing: bool,
    /// Where the list of the course's demos can be read (GET) and written to (POST, PUT), such as
    /// /api. What is written is kept in memory
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub(crate) data: Option<String>,
    /// The longest body for it
    #[arg(long, value_name = "BYTES", default_value_t = 262_144, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    max_body: u32,
    /// Where counters are shown, such as /metrics
    #[arg(long, value_name = "PATH", value_parser = path)]
    metrics: Option<String>,
    /// A line for each request, in the combined format; - is standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) access_log: Option<LogTo>,
    /// What else to tell on standard error: off, warn, info or debug [default: RUST_LOG, or info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<Level>,
    /// At the end, how long requests that have begun may go on
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) grace: Duration,
}

/// Where a log goes.
#[derive(Clone, Debug)]
pub(crate) enum LogTo {
    StandardError,
    File(PathBuf),
}

impl FromStr for LogTo {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "-" { Self::StandardError } else { Self::File(text.into()) })
    }
}

/// A path of the site: from its slash on, without one at the end.
fn path(text: &str) -> Result<String, String> {
    let good = text.len() > 1
        && text.starts_with('/')
        && !text.ends_with('/')
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#%".contains(&byte));
    good.then(|| text.into()).ok_or_else(|| "a path begins with a slash, such as /metrics".into())
}

impl Args {
    pub(crate) fn address(&self) -> Outcome<SocketAddr> {
        Ok(addr::resolve_one(&self.listen).map_err(Usage::of)?)
    }

    pub(crate) fn workers(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.map_or_else(processors, usize::from)
    }

    pub(crate) fn level(&self) -> Level {
        self.log.or_else(Level::of_environment).unwrap_or(Level::Info)
    }

    pub(crate) fn options(&self) -> Outcome<Options> {
        let options = Options::of(self.model);
        if self.max_connections.is_some() && self.model == Model::Iterative {
            return Err(Usage("the model iterative serves one at a time".into()).into());
        }
        let connections = self.max_connections.map_or(options.connections, |most| most as usize);
        Ok(Options { connections, grace: self.grace, ..options })
    }

    pub(crate) fn site(&self) -> files::Options {
        files::Options {
            cache_control: self.cache_control.clone(),
            cors: self.cors.clone(),
            not_found: self.not_found.clone().map(String::into_bytes),
            listing: !self.no_listing,
            ..files::Options::default()
        }
    }

    /// The rules of connections.
    pub(crate) fn apply(&self, service: &mut Service) {
        service.times = Times {
            header: self.header_time,
            body: self.body_time,
            idle: self.idle,
            write: self.write_time,
        };
        service.body = self.max_body as usize;
        service.metrics_path = self.metrics.clone().map(String::into_bytes);
    }
}
