//! One request in each of the five models: a server in a process of its own, and this process, which
//! is its client.
//!
//! Watch for:
//! - the client makes the same five calls each time, and cannot tell the models apart;
//! - so does the connection: one read, one answer by one write, one read that says the end;
//! - what differs stands around it: a fork, a clone, a wake-up of somebody who was there before, or
//!   nothing;
//! - and who sleeps while the client says nothing: the loop for all of them, or somebody for him
//!   alone while the loop waits for others.
//!
//! `server.rs` starts a model, `client.rs` asks. On the stage, model by model:
//! `cargo course replay http-session-fork`.

mod client;
mod server;

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use capstone_http::files::{Options, Site};
use capstone_http::server::Model;
use cli::{Demo, Outcome, Role};

/// Each plays one model.
const ROLES: [Role; 5] = [
    role("iterative", "one thread, one client after the other", |_| play(Model::Iterative)),
    role("fork", "a process for each client", |_| play(Model::Fork)),
    role("thread", "a thread for each client", |_| play(Model::Thread)),
    role("pool", "two threads that are there before", |_| play(Model::Pool)),
    role("epoll", "one loop for all clients", |_| play(Model::Epoll)),
];

const fn role(name: &'static str, help: &'static str, run: fn(&[String]) -> Outcome) -> Role {
    Role { name, args: &[], help, run }
}

fn main() -> ExitCode {
    let about = "A request and its answer, in each of the five models.";
    let lesson = || Model::ALL.into_iter().try_for_each(play);
    Demo { id: cli::id!(), about, lesson, roles: &ROLES }.main()
}

fn play(model: Model) -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("hello.txt"), "你好\n")?;
    let site = Site::open(folder.path(), Options::default())?;

    let mut server = server::start(model, site)?;
    let answer = client::ask(server.address)?;
    writeln!(
        io::stdout(),
        "{:<9}  {}: {}",
        model.name(),
        answer.status,
        answer.content.trim_end()
    )?;
    server.end()
}
