//! From a stream of [`trace::Step`]s to what people look at, without any input or output.
//!
//! A [`Story`] takes steps one by one, also while the program still runs, and answers for every
//! [`Row`]: what happened, where in the source, what everybody is doing afterwards, what the kernel
//! holds and what is new in it, and what the program has said so far. Going back is asking again.

mod api;
mod kernel;
mod lane;
mod objects;
mod output;
mod row;
mod seek;
mod story;
#[cfg(test)]
mod tests;
mod words;
mod world;

pub(crate) use api::short;
pub(crate) use kernel::{Fact, Mark, facts};
pub(crate) use lane::Lane;
pub(crate) use output::Voice;
pub(crate) use row::{Kind, Row, whose};
pub(crate) use story::Story;
pub(crate) use words::{clean, everybody_sleeps, file, place, report};
pub(crate) use world::World;
