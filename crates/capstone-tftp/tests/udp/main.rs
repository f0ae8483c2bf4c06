//! TFTP on UDP: our server and our client with each other, over bad networks, and against peers
//! that do what they must not.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;
mod hostile;
mod lossy;
mod own;
#[allow(dead_code, reason = "other binaries use all of it")]
mod raw;
