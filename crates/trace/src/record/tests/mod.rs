//! Recordings made by hand, and by chance.

mod chance;
mod chapter;
mod difference;
mod file;
mod fold;
mod hostile;
mod machine;
mod normal;
mod property;
mod run;
mod text;
mod world;
