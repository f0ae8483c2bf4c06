//! expect: in another order
//! expect: which a HashMap does not keep

use std::collections::HashMap;
use std::net::SocketAddr;

pub const ADMINISTRATOR: &str = "管理员";

pub type Delivery = (SocketAddr, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYours;

#[derive(Default)]
pub struct Room {
    members: HashMap<String, SocketAddr>,
}

impl Room {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn login(&mut self, from: SocketAddr, name: &str) -> Vec<Delivery> {
        if self.has(from, name) {
            return vec![(from, "OK".into())];
        }
        if name == ADMINISTRATOR
            || self.members.contains_key(name)
            || self.members.values().any(|&address| address == from)
        {
            return vec![(from, "该用户已存在".into())];
        }
        let mut deliveries = vec![(from, "OK".into())];
        deliveries.extend(self.others(from, &format!("\n欢迎 {name} 进入聊天室")));
        self.members.insert(name.into(), from);
        deliveries
    }

    pub fn chat(
        &mut self,
        from: SocketAddr,
        name: &str,
        text: &str,
    ) -> Result<Vec<Delivery>, NotYours> {
        if !self.has(from, name) {
            return Err(NotYours);
        }
        Ok(self.others(from, &format!("\n{name} 说:{}", harmless(text))).collect())
    }

    pub fn quit(&mut self, from: SocketAddr, name: &str) -> Result<Vec<Delivery>, NotYours> {
        if !self.has(from, name) {
            return Err(NotYours);
        }
        self.members.remove(name);
        let mut deliveries = vec![(from, "EXIT".into())];
        deliveries.extend(self.others(from, &format!("\n{name}退出了聊天室")));
        Ok(deliveries)
    }

    pub fn announce(&mut self, line: &str) -> Vec<Delivery> {
        let notice = format!("\n{ADMINISTRATOR} 说:{}", harmless(line));
        self.members.values().map(|&address| (address, notice.clone())).collect()
    }

    fn has(&self, address: SocketAddr, name: &str) -> bool {
        self.members.get(name) == Some(&address)
    }

    fn others(&self, from: SocketAddr, notice: &str) -> impl Iterator<Item = Delivery> {
        let others = self.members.values().filter(move |&&address| address != from);
        others.map(move |&address| (address, notice.into()))
    }
}

fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}
