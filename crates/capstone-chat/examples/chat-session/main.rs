//! A session of the chat from the first login to the last quit: the room's server, ann and bob, each
//! a process of its own, and this one, which types for all three.
//!
//! Watch for:
//! - a newcomer has his OK before the others hear of him, and does not hear of himself;
//! - who says something is the only one who is not told;
//! - the administrator is a line on the server's standard input: no datagram brings it;
//! - the server sleeps in one place, `poll`, whatever happens next.
//!
//! `story.rs` is what happens, `actor.rs` a process with its lines. On the stage, where the server can
//! be seen while the others talk: `cargo course replay chat-session`.

mod actor;
mod story;

use std::process::ExitCode;
use std::time::Duration;

use capstone_chat::room::Limits;
use capstone_chat::server::{Level, Model, Options};
use capstone_chat::{client, server};
use cli::{Demo, Outcome, Role, Usage};
use sockets::addr;

fn main() -> ExitCode {
    const ROLES: &[Role] = &[
        Role { name: "server", args: &["ADDR"], help: "the room, without a log", run: serve },
        Role { name: "client", args: &["ADDR", "NAME"], help: "a member", run: talk },
    ];
    let about = "A session of the chat: the server and two members, who say what they see.";
    Demo { id: cli::id!(), about, lesson: story::play, roles: ROLES }.main()
}

fn serve(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let (limits, grace) = (Limits::default(), Duration::from_secs(1));
    let options = Options { model: Model::Poll, limits, log: Level::Off, grace };
    server::run(Some(address), &options)
}

fn talk(args: &[String]) -> Outcome {
    let servers = addr::resolve(&args[0]).map_err(Usage::of)?;
    client::run(&servers, Some(&args[1]), client::Options::default())
}
