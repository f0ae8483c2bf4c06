//! The file server: `capstone-tftp serve DIR`, and its client: `client`, `list`, `get`, `put`.

mod args;

use std::os::unix::ffi::OsStrExt as _;
use std::process::ExitCode;

use args::{Args, Role};
use capstone_tftp::command::{self, Interrupted};
use capstone_tftp::{menu, serve};
use cli::Outcome;

fn main() -> ExitCode {
    let outcome = run();
    let error = outcome.as_ref().err();
    let interrupted = error.and_then(|error| error.downcast_ref::<Interrupted>());
    let status = interrupted.map(|interrupted| ExitCode::from(interrupted.status));
    let exit = cli::exit(env!("CARGO_BIN_NAME"), outcome);
    status.unwrap_or(exit)
}

fn run() -> Outcome {
    let Some(args) = service::args::read::<Args>(std::env::args_os())? else { return Ok(()) };
    match args.role {
        Role::Serve(wanted) => serve::run(&wanted.folder, &wanted.options()?),
        Role::Client { remote, overwrite } => menu::run(remote.resolve()?, overwrite),
        Role::List { remote } => command::list(remote.resolve()?),
        Role::Get { remote, over, overwrite, name, local } => {
            let (name, local) = (name.as_bytes(), local.as_deref());
            command::get(remote.resolve()?, over.udp().as_ref(), name, local, overwrite)
        }
        Role::Put { remote, over, local, name } => {
            let name = name.as_ref().map(|name| name.as_bytes());
            command::put(remote.resolve()?, over.udp().as_ref(), &local, name)
        }
    }
}
