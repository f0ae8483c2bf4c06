//! A file server as a program that people can rely on: two protocols over one folder of files.
//!
//! - [`store`]: the files, which nobody leaves and which are whole at any moment;
//! - [`tftp`]: the real TFTP of RFC 1350 with its options, as pure state machines;
//! - [`wire`]: the course's own protocol, which needs a stream; pure;
//! - [`server`]: the two protocols' servers, which move bytes between sockets and the store;
//! - [`client`]: the other side of both;
//! - [`serve`]: one program for both, from its sockets to its last child;
//! - [`command`], [`menu`]: what a client can be told to do, by scripts and by people; [`local`]: what
//!   happens to their files.

#![forbid(unsafe_code)]

mod carrier;
pub mod client;
pub mod command;
pub mod local;
pub mod menu;
pub mod serve;
pub mod server;
pub mod store;
pub mod tftp;
pub mod wire;
