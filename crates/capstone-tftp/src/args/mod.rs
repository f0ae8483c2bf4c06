//! The command line: one server, and a client for people and for scripts.

mod client;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use client::{Over, Remote};
pub(crate) use serve::Serve;

const EXAMPLES: &str = "\
Examples:
  capstone-tftp serve files --tcp 127.0.0.1:6970 --udp 127.0.0.1:6969
  capstone-tftp client 127.0.0.1:6970
  capstone-tftp list 127.0.0.1:6970
  capstone-tftp get 127.0.0.1:6970 notes.txt
  capstone-tftp put 127.0.0.1:6970 notes.txt copy.txt
  capstone-tftp get --udp --blksize 1428 --windowsize 64 127.0.0.1:6969 notes.txt -

Exit status: 0; 1 with one sentence about what went wrong; 2 for a mistake in the arguments;
130 after Ctrl-C.";

/// A file server: the course's own protocol on TCP and the real TFTP on UDP, and their client.
#[derive(Debug, Parser)]
#[command(name = "capstone-tftp", after_help = EXAMPLES, disable_help_subcommand = true, arg_required_else_help = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) role: Role,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// Serve the files of a folder
    #[command(after_help = EXAMPLES)]
    Serve(Serve),
    /// A menu: list, get, put, quit; commands also come from a pipe
    #[command(after_help = EXAMPLES)]
    Client {
        #[command(flatten)]
        remote: Remote,
        /// Replace files that are here already
        #[arg(long)]
        overwrite: bool,
    },
    /// Show which files there are
    #[command(after_help = EXAMPLES)]
    List {
        #[command(flatten)]
        remote: Remote,
    },
    /// Fetch a file
    #[command(after_help = EXAMPLES)]
    Get {
        #[command(flatten)]
        remote: Remote,
        #[command(flatten)]
        over: Over,
        /// Replace a file that is here already
        #[arg(long)]
        overwrite: bool,
        /// Its name on the server
        #[arg(value_name = "NAME")]
        name: OsString,
        /// Where to put it: a file, a directory, or - for standard output [default: the name's last
        /// part, here]
        #[arg(value_name = "LOCAL")]
        local: Option<PathBuf>,
    },
    /// Send a file
    #[command(after_help = EXAMPLES)]
    Put {
        #[command(flatten)]
        remote: Remote,
        #[command(flatten)]
        over: Over,
        /// The file, or - for standard input
        #[arg(value_name = "LOCAL")]
        local: PathBuf,
        /// Its name on the server [default: the file's own]
        #[arg(value_name = "NAME")]
        name: Option<OsString>,
    },
}
