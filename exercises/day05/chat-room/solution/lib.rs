//! The room of the chat: who is in it, and who is told what. It sends nothing by itself.

use std::net::SocketAddr;

/// The name in front of the administrator's words. Nobody logs in with it.
pub const ADMINISTRATOR: &str = "管理员";

/// What is to be sent, and to whom.
pub type Delivery = (SocketAddr, String);

/// A request under a name that does not belong to the address that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYours;

struct Member {
    name: String,
    address: SocketAddr,
}

/// The members, in the order of their logins.
///
/// A `Vec` keeps that order, and a `HashMap` does not. Nearly every request goes to all members
/// anyway, so that a search among them costs no more than what follows it. (Where thousands are in
/// the room and strangers shout at it, two maps beside the list answer without a search: from the
/// address to the member, and from the name.)
#[derive(Default)]
pub struct Room {
    members: Vec<Member>,
}

impl Room {
    /// Nobody is there.
    pub fn new() -> Self {
        Self::default()
    }

    /// `from` wants to be called `name`.
    pub fn login(&mut self, from: SocketAddr, name: &str) -> Vec<Delivery> {
        // A datagram can be lost, also our OK. Then the same request comes again, and must get the
        // same answer: the others have been told already.
        if self.has(from, name) {
            return vec![(from, "OK".into())];
        }
        // One name, one address; one address, one name. Who had two would get everything twice.
        let is_taken = |member: &Member| member.name == name || member.address == from;
        if name == ADMINISTRATOR || self.members.iter().any(is_taken) {
            return vec![(from, "该用户已存在".into())];
        }
        let mut deliveries = vec![(from, "OK".into())];
        // Before he is on the list, since he need not be told that he has come.
        deliveries.extend(self.others(from, &format!("\n欢迎 {name} 进入聊天室")));
        self.members.push(Member { name: name.into(), address: from });
        deliveries
    }

    /// `from` says something, as `name`.
    pub fn chat(
        &mut self,
        from: SocketAddr,
        name: &str,
        text: &str,
    ) -> Result<Vec<Delivery>, NotYours> {
        // The name is what the sender claims; the address is what the kernel has seen.
        if !self.has(from, name) {
            return Err(NotYours);
        }
        Ok(self.others(from, &format!("\n{name} 说:{}", harmless(text))).collect())
    }

    /// `from` leaves, as `name`.
    pub fn quit(&mut self, from: SocketAddr, name: &str) -> Result<Vec<Delivery>, NotYours> {
        if !self.has(from, name) {
            return Err(NotYours);
        }
        // `retain` keeps the order of the others; `swap_remove` would not.
        self.members.retain(|member| member.address != from);
        let mut deliveries = vec![(from, "EXIT".into())];
        deliveries.extend(self.others(from, &format!("\n{name}退出了聊天室")));
        Ok(deliveries)
    }

    /// The administrator says something to all.
    pub fn announce(&mut self, line: &str) -> Vec<Delivery> {
        let notice = format!("\n{ADMINISTRATOR} 说:{}", harmless(line));
        self.members.iter().map(|member| (member.address, notice.clone())).collect()
    }

    /// Whether this address has logged in with this name.
    fn has(&self, address: SocketAddr, name: &str) -> bool {
        self.members.iter().any(|member| member.address == address && member.name == name)
    }

    fn others(&self, from: SocketAddr, notice: &str) -> impl Iterator<Item = Delivery> {
        let others = self.members.iter().filter(move |member| member.address != from);
        others.map(move |member| (member.address, notice.into()))
    }
}

/// What others write appears on everybody's terminal, and a terminal obeys control characters: a
/// newline would begin a line that the administrator might have said. They are shown, not obeyed.
fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}
