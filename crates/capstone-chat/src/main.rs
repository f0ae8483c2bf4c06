//! The group chat: `capstone-chat server ADDR`, `capstone-chat client ADDR`.

mod args;

use std::process::ExitCode;

use args::{Args, Role};
use capstone_chat::{client, server};
use cli::{Outcome, Usage};
use sockets::addr;

fn main() -> ExitCode {
    cli::exit(env!("CARGO_BIN_NAME"), run())
}

fn run() -> Outcome {
    match service::args::read(std::env::args_os())? {
        None => Ok(()),
        Some(Args { role: Role::Server(wanted) }) => {
            let options = wanted.options();
            let address = wanted.address.as_deref().map(addr::resolve_one);
            server::run(address.transpose().map_err(Usage::of)?, &options)
        }
        Some(Args { role: Role::Client(wanted) }) => {
            let servers = addr::resolve(&wanted.address).map_err(Usage::of)?;
            client::run(&servers, wanted.name.as_deref(), wanted.options())
        }
    }
}
