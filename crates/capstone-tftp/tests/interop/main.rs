//! The real programs, in both roles: tftp-hpa, atftp, curl, busybox, and those of the crate tftpd. What a machine lacks is skipped
//! aloud; .ci/run installs them.
//!
//! What they do in their own way is said where a test goes around it: busybox takes no block that is
//! shorter than its request; atftpd refuses blocks that are shorter than its OACK, and acknowledges
//! the last block before it has written it; neither daemon says when it is ready, or takes port 0.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod clients;
#[path = "../udp/common.rs"]
mod common;
mod daemons;
mod weather;
