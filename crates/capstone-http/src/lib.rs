//! HTTP/1.1 for a folder of files, as a program that can be put on the internet.
//!
//! - [`message`]: requests and answers as bytes (RFC 9112); pure;
//! - [`files`]: what is answered for a file (RFC 9110: conditions, ranges, encodings);
//! - [`connection`]: one connection's conversation, as a state machine;
//! - [`server`]: five models that run it.

#![forbid(unsafe_code)]

pub mod connection;
pub mod demos;
pub mod files;
pub mod log;
pub mod message;
pub mod metrics;
pub mod server;
