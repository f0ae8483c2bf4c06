//! Recordings made by hand, and by chance.

mod chance;
mod difference;
mod file;
mod normal;
mod property;
mod run;
mod text;
mod world;
