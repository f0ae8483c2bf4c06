//! What is answered for files: decisions as tables, and the site over a folder on the disk.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod cache;
mod conditional;
mod encoding;
mod folders;
mod jail;
mod listing;
mod methods;
mod ranges;
mod scene;
mod trouble;
