//! What is answered for a file: conditions, ranges, encodings, listings (RFC 9110).
//!
//! ```text
//! GET /book/ ─► site ─► cache: found within the last second?  ──yes──┐
//!                 │ no                                               │
//!                 ▼                                                  ▼
//!               jail: the file and its twins ─► resource ─► respond: encoding, conditional,
//!                 │                                          range ─► Answer
//!                 └─ a folder, nothing, a device ─► redirect, listing, 404
//! ```
//!
//! Everything but [`Site`], [`Resource`] and what reads a small file is pure: facts of a request and
//! of a file in, an answer out. Nothing here knows a connection: an [`Answer`] is a head without its
//! end, and pieces.

mod answer;
mod cache;
pub mod conditional;
pub mod encoding;
pub mod etag;
mod facts;
mod folder;
pub mod listing;
pub mod mime;
mod options;
mod preflight;
pub mod range;
mod representation;
mod resource;
mod respond;
mod site;

pub use answer::{Answer, Piece};
pub use cache::{Amount, Cache, FRESH};
pub use facts::Facts;
pub use options::Options;
use options::Rules;
pub use resource::Resource;
pub use site::Site;
