//! What `cargo course` does, seen from outside, in small workspaces made for each test.

mod demo;
mod doctor;
mod fixture;
mod pages;
