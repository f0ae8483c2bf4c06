//! What is made of the steps.

mod rows;
mod world;
