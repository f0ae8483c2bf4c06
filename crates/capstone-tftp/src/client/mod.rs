//! The clients of both protocols.

pub mod tcp;
pub mod udp;
