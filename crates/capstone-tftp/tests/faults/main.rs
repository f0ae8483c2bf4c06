//! Both protocols while the kernel interrupts, has no room, cuts short and refuses:
//! cargo test -p capstone-tftp --features faults --test faults -- --nocapture. Whatever happens to
//! the calls of a server or of a client, each file is the right one.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "../udp/common.rs"]
mod common;
mod tcp;
mod udp;
mod udp_client;

use testkit::faults::{Act, Fault, Fd, Server, Talk};

const SOCKET: Fd = Fd::Kind("socket:");

/// The program in a role; calls that it makes through other crates of ours count as its own.
fn program(role: &'static str) -> Server {
    Server {
        program: env!("CARGO_BIN_EXE_capstone-tftp").into(),
        root: concat!(env!("CARGO_MANIFEST_DIR"), "/.."),
        role,
        talk: Talk::Echo,
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 11).to_le_bytes()[0]).collect()
}

fn fails(call: &'static str, errno: i32) -> Fault {
    Fault::on(&[call], Act::Error(errno))
}
