//! The course's group chat as a program that people can rely on.
//!
//! Three rooms, and each knows only those before it:
//! - [`wire`]: bytes and values; pure;
//! - [`room`]: who is in, who may say what, who gets it; pure;
//! - [`server`]: one loop around one socket, which moves datagrams in and out of the room;
//!
//! and beside them [`client`], which knows the wire.

#![forbid(unsafe_code)]

pub mod client;
pub mod room;
pub mod server;
pub mod wire;
