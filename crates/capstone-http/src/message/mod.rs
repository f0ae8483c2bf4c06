//! Requests and answers as bytes (RFC 9112). Nothing here waits, reads or allocates for a request.
//!
//! ```text
//! GET /book/?C=N HTTP/1.1\r\n      line.rs    method, target, version
//! Host: example.org\r\n            fields/    name: value, and what the value means
//! Content-Length: 5\r\n            body/      where the message ends: decided once, strictly
//! \r\n
//! hello                            body/      what is content, what is packing
//! ```
//!
//! The way of a request through the files:
//!
//! 1. [`parse`] (`request.rs`) looks at the bytes that have come and says `Partial`, or a [`Head`]
//!    that borrows from them, or a [`Refusal`]: the status of the answer, and why. No refusal
//!    depends on how the bytes were cut into reads.
//! 2. [`uri`] tells the path from the query first and decodes percents afterwards, never before.
//! 3. [`Framing`] says whether a body follows; [`Body`] takes it apart as it comes.
//! 4. [`Writer`] (`response.rs`) puts the answer's head into a buffer that is used again and again.
//!
//! **Why so strict.** Between a client and a server there is often somebody else, who also reads the
//! request. If the two disagree about where it ends, the rest is a second request that the other has
//! never seen: request smuggling (RFC 9112, 11.2). Whatever leaves room for two readings is refused
//! here, and the connection is closed behind the answer.

pub mod body;
mod bytes;
mod classes;
pub mod fields;
mod head;
mod limits;
mod line;
mod method;
mod refusal;
mod request;
mod response;
mod status;
pub mod uri;

pub use body::{Body, Fed, Framing, Piece};
pub use fields::{Field, Fields};
pub use head::{Head, Version};
pub use limits::Limits;
pub use method::Method;
pub use refusal::Refusal;
pub use request::{Parsed, parse, parse_again};
pub use response::Writer;
pub use status::Status;
pub use uri::Target;
