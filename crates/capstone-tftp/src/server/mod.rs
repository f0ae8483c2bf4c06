//! The servers: they move bytes between sockets and the store.

pub mod tcp;
pub mod udp;
