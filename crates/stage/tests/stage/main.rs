//! `stage` as its users meet it, with a program that is not its own.

mod common;
mod emulator;
mod gone;
mod mistakes;
mod readme;
mod record;
mod screen;
mod signals;
mod survives;
mod text;
mod typing;
