//! The broken twin: a server that eats a whole processor when a client vanishes.
//!
//! Watch for: poll comes back at once, again and again, because nobody reads what it reports.
//! The mistake is one comparison:
//! `diff crates/day04-poll/src/server.rs crates/day04-poll/examples/hup_spin/server.rs`

mod server;

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use cli::{Demo, Outcome};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use sockets::tcp;

fn main() -> ExitCode {
    let about = "A poll loop that spins on POLLHUP: compare its server.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().nonblocking(true).on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    // The server never returns; it ends with the process.
    thread::spawn(move || server::serve(&listener, None).map_err(|error| error.to_string()));

    let mut client = tcp::Connect::new().to(address)?;
    client.write_all(b"hi")?;
    client.read_exact(&mut [0; 2])?;
    rest("while the client is silent")?;

    tcp::reset_on_close(&client)?;
    drop(client);
    rest("after it has vanished with a RST")
}

/// What does a server cost that has nothing to do?
fn rest(when: &str) -> Outcome {
    let before = processor_time()?;
    thread::sleep(Duration::from_millis(500));
    let used = processor_time()? - before;
    writeln!(io::stdout(), "{when}: {used} ms of processor time in 500 ms")?;
    Ok(())
}

fn processor_time() -> Outcome<i64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok((usage.user_time() + usage.system_time()).num_milliseconds())
}
