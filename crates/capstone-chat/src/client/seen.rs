//! Who is there, as far as one can see. The protocol has no list of members: whoever came before us
//! and says nothing is not in here.

use std::collections::BTreeSet;

/// Names that came by in notices.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeSet<String>);

/// Others decide how many names there are, and we do not keep more of them than this.
const MOST: usize = 1_000;

impl Seen {
    /// Looks at a notice, without its newline.
    pub(super) fn look_at(&mut self, notice: &str) {
        if let Some(name) = joined(notice) {
            self.add(name);
        } else if let Some(name) = notice.strip_suffix("退出了聊天室")
            && is_name(name)
        {
            self.0.remove(name);
        } else if let Some((name, text)) = notice.split_once(' ')
            && text.starts_with("说:")
        {
            self.add(name);
        }
    }

    fn add(&mut self, name: &str) {
        if is_name(name) && self.0.len() < MOST {
            self.0.insert(name.to_owned());
        }
    }

    /// All, in the order of their letters; empty when nobody was seen.
    pub(super) fn list(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        names.join(", ")
    }
}

fn joined(notice: &str) -> Option<&str> {
    let name = notice.strip_prefix("欢迎 ")?.strip_suffix(" 进入聊天室")?;
    is_name(name).then_some(name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_tell_who_is_there() {
        let mut seen = Seen::default();
        for notice in [
            "欢迎 ann 进入聊天室",
            "bob 说:hello",
            "bob 说:欢迎 eve 进入聊天室",
            "管理员 说:to all",
            "zoe说:not a notice",
            "ann退出了聊天室",
            "carl 说:ann退出了聊天室",
        ] {
            seen.look_at(notice);
        }
        assert_eq!(seen.list(), "bob, carl, 管理员");
    }

    #[test]
    fn strangers_do_not_fill_our_memory() {
        let mut seen = Seen::default();
        (0..MOST * 2).for_each(|n| seen.look_at(&format!("m{n} 说:x")));
        assert_eq!(seen.0.len(), MOST);
    }
}
