//! The real TFTP (RFC 1350, 1123 4.2.3.1, 2347, 2348, 2349, 7440), without a clock, a socket or a
//! file: a driver hands datagrams and moments in, and sends what comes out.
//!
//! - [`packet`]: the six packets, read and written;
//! - [`options`]: what a client asks for, what a server accepts, how the client judges the answer;
//! - [`netascii`]: text as it crosses the wire;
//! - [`Sender`] and [`Receiver`]: one transfer's two sides. Server and client use the same; they
//!   differ in how it opens (`answer` or `ask`).
//!
//! A driver's turn is the same for both, whatever has happened:
//!
//! ```text
//! a datagram of the peer ─► receive        (Receiver: bytes for the file come back, then `stored`)
//! `deadline` has passed  ─► expire
//! Sender: `blanks` left  ─► read the file into them, `fill`; at its end `finish`
//! `unsent`               ─► send it, `sent`
//! `over`                 ─► `end` says how
//! ```
//!
//! Who the peer is, the driver has to look at: while a client's side is not [`Sender::opened`],
//! requests go to the server's well-known port, and the source of the datagram that opens it is the
//! peer's TID from then on. Anybody else is answered by [`packet::stranger`], and disturbs nothing.

pub mod netascii;
pub mod options;
pub mod packet;

mod batch;
mod dialog;
mod end;
mod order;
mod receiver;
mod sender;
mod taken;
mod timer;
mod window;

pub use batch::Batch;
pub use end::End;
pub use receiver::Receiver;
pub use sender::Sender;
pub use taken::Taken;
pub use timer::Timing;
