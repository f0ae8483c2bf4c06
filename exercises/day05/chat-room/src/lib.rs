//! The room of the chat: who is in it, and who is told what. It sends nothing by itself.

use std::net::SocketAddr;

/// The name in front of the administrator's words. Nobody logs in with it.
pub const ADMINISTRATOR: &str = "管理员";

/// What is to be sent, and to whom.
pub type Delivery = (SocketAddr, String);

/// A request under a name that does not belong to the address that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYours;

/// The members.
#[derive(Default)]
pub struct Room {}

impl Room {
    /// Nobody is there.
    pub fn new() -> Self {
        todo!()
    }

    /// `from` wants to be called `name`.
    pub fn login(&mut self, from: SocketAddr, name: &str) -> Vec<Delivery> {
        todo!()
    }

    /// `from` says something, as `name`.
    pub fn chat(
        &mut self,
        from: SocketAddr,
        name: &str,
        text: &str,
    ) -> Result<Vec<Delivery>, NotYours> {
        todo!()
    }

    /// `from` leaves, as `name`.
    pub fn quit(&mut self, from: SocketAddr, name: &str) -> Result<Vec<Delivery>, NotYours> {
        todo!()
    }

    /// The administrator says something to all.
    pub fn announce(&mut self, line: &str) -> Vec<Delivery> {
        todo!()
    }
}
