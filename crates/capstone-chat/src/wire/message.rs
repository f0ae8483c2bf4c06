//! What the server sends: answers to one, notices to many.
//!
//! Notices begin with a newline, because the course's client prints them behind its prompt. So no
//! notice can be taken for `OK` or `EXIT`, whatever is in it.

use service::push_harmless;

use super::name::ADMINISTRATOR;

/// The answer to a login that has been accepted: these bytes and no others.
pub const OK: &[u8] = b"OK";

/// The answer to a quit: the client ends.
pub const EXIT: &[u8] = b"EXIT";

/// A message of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// The login is accepted.
    Accepted,
    /// The login is refused: the name belongs to somebody, or the sender has one already.
    Taken,
    /// The login is refused: nobody may be called so.
    Unusable,
    /// The login is refused: as many are there as may be.
    Full,
    /// The sender has quit.
    Exit,
    /// Somebody has come.
    Joined(&'a str),
    /// Somebody has said something.
    Said {
        /// Who.
        name: &'a str,
        /// As it came; it is made harmless on its way out.
        text: &'a str,
    },
    /// Somebody has gone.
    Left(&'a str),
    /// The administrator has said something.
    Announced(&'a str),
}

impl Message<'_> {
    /// Appends its bytes. Only texts need to be made harmless: names were looked at when they came.
    pub fn push_to(&self, out: &mut Vec<u8>) {
        let (before, text) = match *self {
            Self::Accepted => return out.extend_from_slice(OK),
            Self::Exit => return out.extend_from_slice(EXIT),
            Self::Taken => (["该用户已存在", "", ""], ""),
            // The reference knows one refusal only. Its client prints any, and asks again.
            Self::Unusable => (["该用户名不可用", "", ""], ""),
            Self::Full => (["聊天室已满", "", ""], ""),
            Self::Joined(name) => (["\n欢迎 ", name, " 进入聊天室"], ""),
            Self::Said { name, text } => (["\n", name, " 说:"], text),
            Self::Left(name) => (["\n", name, "退出了聊天室"], ""),
            Self::Announced(line) => (["\n", ADMINISTRATOR, " 说:"], line),
        };
        for part in before {
            out.extend_from_slice(part.as_bytes());
        }
        push_harmless(out, text);
    }

    /// Its bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.push_to(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_every_message() {
        let hex = |text: &str| -> Vec<u8> {
            let digits: String = text.split_whitespace().collect();
            let pairs = digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
            pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
        };
        for (message, bytes) in [
            (Message::Accepted, "4f4b"),
            (Message::Exit, "45584954"),
            (Message::Taken, "e8afa5 e794a8 e688b7 e5b7b2 e5ad98 e59ca8"),
            (
                Message::Joined("ann"),
                "0a e6aca2e8bf8e 20 616e6e 20 e8bf9b e585a5 e8818a e5a4a9 e5aea4",
            ),
            (Message::Said { name: "ann", text: "a  b" }, "0a 616e6e 20 e8afb43a 61202062"),
            (Message::Said { name: "ann", text: "" }, "0a 616e6e 20 e8afb43a"),
            (Message::Left("ann"), "0a 616e6e e98080 e587ba e4ba86 e8818a e5a4a9 e5aea4"),
            (Message::Announced("hi"), "0a e7aea1 e79086 e59198 20 e8afb43a 6869"),
        ] {
            assert_eq!(message.to_vec(), hex(bytes), "{message:?}");
        }
    }
}
