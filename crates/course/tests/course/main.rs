//! What `cargo course` does, seen from outside, in small workspaces made for each test.

mod check;
mod class;
mod demo;
mod doctor;
mod fixture;
mod guest;
mod help;
mod lock;
mod pages;
mod plain;
mod serve;
mod stage;
mod start;
mod stepping;
mod stray;
mod verify;
mod watch;
mod work;
