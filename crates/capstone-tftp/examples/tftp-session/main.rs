//! A session with the file server: one process for each of its two protocols, a folder that they
//! share, and this process, which is their client.
//!
//! Watch for:
//! - by TCP the content of a file is announced, and then follows without a frame around it: by
//!   one `sendfile`, so that no byte of it goes through the server's hands;
//! - the server of TCP sleeps in one place while a child of its own serves the client, the notes' way;
//! - by UDP the answer comes from another port than the one that was asked: that of the transfer;
//! - four blocks and one ACK for them: the server sends a window of them by one call;
//! - the last block is the one that is shorter.
//!
//! `servers.rs` starts the two, `client.rs` asks them. On the stage, where it can be seen who waits
//! for whom: `cargo course replay tftp-session`.

mod client;
mod servers;

use std::fs;
use std::process::ExitCode;

use capstone_tftp::store::{Rules, Store};
use cli::{Demo, Outcome};
use server::Stopper;

fn main() -> ExitCode {
    let about = "A session with the file server: list and get by TCP, a read by UDP.";
    Demo { id: cli::id!(), about, lesson: play, roles: &[] }.main()
}

fn play() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("hello.txt"), "你好\n")?;
    // Six blocks of 512 bytes, and 128 bytes more.
    fs::write(folder.path().join("table.txt"), "0123456789abcde\n".repeat(200))?;
    let store = Store::open(folder.path(), Rules::default())?;

    let stopper = Stopper::new()?;
    let (mut tcp, course) = servers::tcp(&store, &stopper)?;
    let (mut udp, real) = servers::udp(&store, &stopper)?;
    client::by_tcp(course)?;
    client::by_udp(real)?;

    // One word for both: whoever waits for it finds the descriptor readable.
    stopper.stop()?;
    servers::ends(&mut tcp)?;
    servers::ends(&mut udp)
}
