//! The program as its users meet it: `serve`, the commands for scripts, the menu.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;
mod fetch;
mod interrupted;
mod mistakes;
mod pipe;
mod send;
mod start;
mod stop;
mod terminal;
mod udp;
