//! The protocol of RFC 1350 and its options, rule by rule, and two sides of it under bad weather:
//! without a socket, on a clock that nobody has to wait for.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod netascii;
mod options;
mod packets;
mod receiving;
mod sending;
mod storms;
mod weather;
mod world;
