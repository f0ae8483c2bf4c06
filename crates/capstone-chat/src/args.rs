//! The command line.

use std::time::Duration;

use capstone_chat::client;
use capstone_chat::room::Limits;
use capstone_chat::server::{Model, Options};
use capstone_chat::wire::{LONGEST, Name};
use clap::{Parser, Subcommand};
use service::Level;
use service::args::seconds;

const EXAMPLES: &str = "\
Examples:
  capstone-chat server 127.0.0.1:9999
  capstone-chat server '[::]:9999' --idle 3600 --log debug
  capstone-chat client 127.0.0.1:9999
  printf 'ann\\nhello\\nquit\\n' | capstone-chat client 127.0.0.1:9999
  systemd-socket-activate --datagram -l 9999 capstone-chat server";

/// The course's group chat over UDP: a server for thousands of members, and its client.
#[derive(Debug, Parser)]
#[command(name = "capstone-chat", after_help = EXAMPLES, disable_help_subcommand = true, arg_required_else_help = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) role: Role,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// Serve a room; lines from standard input go to all as the administrator's
    #[command(after_help = EXAMPLES)]
    Server(Server),
    /// Enter a room
    #[command(after_help = EXAMPLES)]
    Client(Client),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Client {
    /// The server, such as 127.0.0.1:9999
    #[arg(value_name = "ADDR")]
    pub(crate) address: String,
    /// Your name in the room; asked for when it is missing
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// How long to wait for an answer before asking again, three times in all
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    patience: Duration,
}

impl Client {
    pub(crate) fn options(&self) -> client::Options {
        client::Options { patience: self.patience, ..client::Options::default() }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Server {
    /// Where to listen, such as 127.0.0.1:9999; port 0 lets the kernel choose. Not needed when
    /// systemd hands a socket over (LISTEN_FDS)
    #[arg(value_name = "ADDR")]
    pub(crate) address: Option<String>,
    /// poll: one loop for everything; fork: a child reads the administrator's lines
    #[arg(long, default_value = "poll")]
    model: Model,
    /// Show members out who say nothing for so long [default: never]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    idle: Option<u32>,
    /// How many members there may be
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_members: u32,
    /// The longest message, in bytes; clients of the course cut what is longer than 2048
    #[arg(long, value_name = "BYTES", default_value_t = LONGEST as u32,
        value_parser = clap::value_parser!(u32).range(Name::LONGEST as i64 * 2..=65_535))]
    longest: u32,
    /// What to tell on standard error: off, warn, info or debug [default: RUST_LOG, or info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<Level>,
    /// At the end, how long to go on with what has come already
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    grace: u32,
}

impl Server {
    pub(crate) fn options(&self) -> Options {
        Options {
            model: self.model,
            limits: Limits {
                longest: self.longest as usize,
                members: self.max_members as usize,
                idle: self.idle.map(|seconds| Duration::from_secs(seconds.into())),
            },
            log: self.log.or_else(Level::of_environment).unwrap_or(Level::Info),
            grace: Duration::from_secs(self.grace.into()),
        }
    }
}
