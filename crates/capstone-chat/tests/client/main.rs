//! The client: its session alone, through pipes, and at a terminal, against servers that do what a
//! test wants.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod course;
mod hand;
mod paste;
mod pipe;
mod screen;
#[path = "../common/seed.rs"]
mod seed;
mod session;
mod silence;
mod story;
mod table;
mod terminal;
mod trouble;
