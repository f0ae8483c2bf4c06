//! CPython's `socketserver` as types: a handler, a transport, an executor.
//!
//! ```
//! use std::net::{TcpStream, UdpSocket};
//! use server::{Connection, Server, Tcp, Thread};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let echo = |client: &Connection<TcpStream>| {
//!     let (mut from, mut to) = (client, client);
//!     std::io::copy(&mut from, &mut to).map(drop)
//! };
//! let server = Server::new(Tcp::bind("127.0.0.1:0".parse()?)?, Thread, echo)?.at_once(100);
//! let (address, stopper) = (server.transport().address()?, server.stopper());
//! let serving = std::thread::spawn(|| server.serve());
//!
//! let client = TcpStream::connect(address)?;
//! client.shutdown(std::net::Shutdown::Write)?;
//! assert_eq!(std::io::read_to_string(client)?, "");
//!
//! stopper.stop()?;
//! let served = serving.join().map_err(|_| "it panicked")??;
//! assert_eq!(served.clients, 1);
//! # Ok(())
//! # }
//! ```
//!
//! In CPython one composes a server out of classes by multiple inheritance: `class
//! ForkingTCPServer(ForkingMixIn, TCPServer)`. The mixin has to stand first, or its
//! `process_request` is hidden by that of `BaseServer`, and the result is an iterative server
//! that nobody is told of. Here each part is a type parameter with a bound of its own:
//! [`Server<Tcp, Fork, H>`](Server). There is no order to get wrong, and what does not fit does
//! not compile.
//!
//! - [`transport`]: [`Tcp`], [`Unix`], [`Udp`], [`UnixDgram`];
//! - [`executor`]: [`Iterative`], [`Fork`], [`Thread`], [`Pool`], [`Multiplexed`], and what each
//!   of them asks of a handler;
//! - [`handler`]: [`Handler`], written straight through, and [`Session`], a state machine that
//!   runs on all of them and whose [`Reply`] may contain files, sent by sendfile(2);
//! - [`classes`]: CPython's names.
//!
//! One loop serves them all; its limits are [`Server::at_once`], [`Server::time_for_each`],
//! [`Server::grace`] and the backlog. A client's failure or panic costs that client and is counted
//! in [`Served`]; running out of descriptors makes the loop pause instead of spin; a
//! [`Stopper`] ends it from anywhere and at any time. Nothing prints.

#![forbid(unsafe_code)]

pub mod classes;
mod connection;
mod conversation;
mod core;
mod datagram;
mod error;
pub mod executor;
pub mod handler;
mod patience;
mod reply;
mod request;
mod room;
mod served;
mod server;
mod stopper;
pub mod transport;

pub use connection::{Connection, Stream};
pub use datagram::{Datagram, DatagramSocket, LONGEST};
pub use error::{Error, Result};
pub use executor::{Executor, Fork, Iterative, Multiplexed, Pool, Thread};
pub use handler::{Handler, Next, Pace, Session, Sessions, SessionsFor};
pub use patience::Terms;
pub use reply::Reply;
pub use request::Request;
pub use served::{End, Served};
pub use server::{Open, Server};
pub use stopper::Stopper;
pub use transport::{Tcp, Transport, Udp, Unix, UnixDgram};
