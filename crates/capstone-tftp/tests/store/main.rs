//! The store, as the protocols use it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;
mod drafts;
mod names;
mod trouble;
mod uploads;
