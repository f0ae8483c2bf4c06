//! The broken twin: a server that asks again and again whether there is a client.
//!
//! Watch for: nobody connects, and a processor is busy with nothing.
//! The mistake: `diff crates/day03-nonblock/src/accept.rs crates/day03-nonblock/examples/busy_accept/accept.rs`

mod accept;

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use cli::{Demo, Outcome};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use sockets::tcp;

fn main() -> ExitCode {
    let about = "An accept loop that spins on WouldBlock: compare its accept.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    for nonblocking in [false, true] {
        let listener = tcp::Listen::new().nonblocking(nonblocking).on("127.0.0.1:0".parse()?)?;
        let address = listener.local_addr()?;
        let server = thread::spawn(move || accept::next_client(&listener).map(drop));

        let before = processor_time()?;
        // Time is what is measured here, nobody is waited for.
        thread::sleep(Duration::from_millis(500));
        let used = processor_time()? - before;
        let kind = if nonblocking { "non-blocking" } else { "blocking" };
        writeln!(io::stdout(), "{kind}: {used} ms of processor time in 500 ms without a client")?;

        TcpStream::connect(address)?;
        server.join().map_err(|_| "the server panicked")??;
    }
    Ok(())
}

fn processor_time() -> Outcome<i64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok((usage.user_time() + usage.system_time()).num_milliseconds())
}
