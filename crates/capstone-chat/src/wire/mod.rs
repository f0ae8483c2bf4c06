//! The wire of the course's chat: UTF-8 in UDP datagrams, one message in each, no newline at its
//! end. Pure: bytes in, values out, and back; nothing here waits or knows a socket.
//!
//! | event | request | answer to its sender | notice to the others |
//! |---|---|---|---|
//! | login | `L name` | `OK`, or why not | `\n欢迎 name 进入聊天室` |
//! | chat | `C name text` | none | `\nname 说:text` |
//! | quit | `Q name` | `EXIT` | `\nname退出了聊天室` |
//! | a line of the administrator | - | - | `\n管理员 说:line`, to all |
//!
//! - `request.rs`: what members send;
//! - `message.rs`: what the server sends;
//! - `name.rs`: who may be called what;
//! - [`service::harmless`]: text of others on a terminal, pure as well.

mod message;
mod name;
mod request;

pub use message::{EXIT, Message, OK};
pub use name::{ADMINISTRATOR, BadName, Name};
pub use request::{Malformed, Request};
pub use service::harmless;

/// The longest message that a client of the course receives whole, in bytes. It cuts a longer one,
/// perhaps inside of a character, and dies of that.
pub const LONGEST: usize = 2048;

/// The longest datagram that UDP carries over IPv4: 65,535 without the headers of IP (20 bytes) and
/// UDP (8). A longer one fails with EMSGSIZE.
pub const LONGEST_DATAGRAM: usize = 65_507;
