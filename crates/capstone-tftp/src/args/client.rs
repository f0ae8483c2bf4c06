//! What a client is told: where the server is, and how to speak to it.

use std::time::Duration;

use capstone_tftp::client::udp;
use capstone_tftp::command;
use capstone_tftp::tftp::options::Ask;
use cli::{Outcome, Usage};
use service::args::seconds;
use sockets::addr;

#[derive(Debug, clap::Args)]
pub(crate) struct Remote {
    /// The server, such as 127.0.0.1:6970
    #[arg(value_name = "ADDR")]
    address: String,
    /// How long to wait for the server until it counts as gone
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    patience: Duration,
    /// How often to connect again, a second apart, when a connection breaks; each byte that arrives
    /// begins the count anew
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u32,
}

impl Remote {
    pub(crate) fn resolve(&self) -> Outcome<command::Remote> {
        Ok(command::Remote {
            servers: addr::resolve(&self.address).map_err(Usage::of)?,
            patience: self.patience,
            retries: self.retries,
        })
    }
}

/// How a single file travels: by the course's protocol, or by the real TFTP.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Over {
    /// Speak the real TFTP (RFC 1350)
    #[arg(long)]
    udp: bool,
    /// Bytes of a block (RFC 2348) [default: 1428]
    #[arg(long, value_name = "BYTES", requires = "udp", value_parser = clap::value_parser!(u16).range(8..=65_464))]
    blksize: Option<u16>,
    /// Blocks until an acknowledgement (RFC 7440) [default: 32]
    #[arg(long, value_name = "N", requires = "udp", value_parser = clap::value_parser!(u16).range(1..=32_767))]
    windowsize: Option<u16>,
    /// Seconds until the server sends again (RFC 2349)
    #[arg(long, value_name = "SECONDS", requires = "udp", value_parser = clap::value_parser!(u8).range(1..))]
    timeout: Option<u8>,
    /// Neither ask for the file's size nor tell it (RFC 2349)
    #[arg(long, requires = "udp")]
    no_tsize: bool,
    /// Ask for no options at all: RFC 1350, and nothing that came later
    #[arg(long, requires = "udp", conflicts_with_all = ["blksize", "windowsize", "timeout"])]
    plain: bool,
    /// Text, whose lines end as they do here (RFC 764); otherwise bytes are bytes
    #[arg(long, requires = "udp")]
    netascii: bool,
}

impl Over {
    /// `None`: the course's protocol.
    pub(crate) fn udp(&self) -> Option<command::Udp> {
        let usual = udp::Options::default().ask;
        let ask = Ask {
            blksize: self.blksize.or(usual.blksize).filter(|_| !self.plain),
            windowsize: self.windowsize.or(usual.windowsize).filter(|_| !self.plain),
            timeout: self.timeout,
            tsize: None,
        };
        let tsize = !self.no_tsize && !self.plain;
        self.udp.then_some(command::Udp { ask, tsize, netascii: self.netascii })
    }
}
