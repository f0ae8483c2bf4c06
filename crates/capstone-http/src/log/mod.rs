//! The access log: a line for each request.
//!
//! - [`Line`] (`line.rs`): the combined format, as Apache has made it known; pure;
//! - [`AccessLog`] (`writer.rs`): a file that nobody waits for.

mod line;
mod writer;

pub use line::Line;
pub use writer::AccessLog;
