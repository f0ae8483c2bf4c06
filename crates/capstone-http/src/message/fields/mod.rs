//! Fields: `name: value` lines (RFC 9112, 5), and the languages that their values speak (RFC 9110).
//!
//! - `line.rs`: one line, as strict as it can be;
//! - `field.rs`: what such a line means;
//! - `places.rs`: all of them, without a copy or an allocation;
//! - `lookup.rs`: questions for one by its name;
//! - [`list`]: values with commas, across lines;
//! - [`quality`]: `Accept-Encoding: br;q=0.5, *;q=0`;
//! - [`etag`]: entity tags and their two ways to be equal;
//! - [`date`]: moments, in three spellings of which one is written.

pub mod date;
pub mod etag;
mod field;
mod line;
pub mod list;
mod lookup;
mod places;
pub mod quality;

pub use etag::ETag;
pub use field::Field;
pub(super) use line::{Line, line};
pub use places::Fields;
