//! One client: requests as frames, and what answers have to be.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use testkit::equal;
use testkit::exercise::Observed as _;
use tftp_serve::LONGEST;

use super::{Server, shown};

pub struct Client<'a> {
    pub server: &'a Server,
    pub stream: TcpStream,
}

impl Client<'_> {
    #[track_caller]
    pub fn raw(&self, bytes: &[u8]) {
        if let Err(error) = (&self.stream).write_all(bytes) {
            panic!("a client cannot send to your server: {error:?}. {}", self.server.place());
        }
    }

    #[track_caller]
    pub fn say(&self, letter: u8, rest: impl AsRef<[u8]>) {
        self.raw(&frame(letter, rest.as_ref()));
    }

    /// All of a put but its answer.
    #[track_caller]
    pub fn put(&self, name: impl AsRef<[u8]>, content: &[u8]) {
        self.say(b'P', name);
        content.chunks(LONGEST - 1).for_each(|part| self.say(b'D', part));
        self.say(b'E', "");
    }

    #[track_caller]
    pub fn bytes(&self, length: usize, what: &str) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let Err(error) = (&self.stream).read_exact(&mut bytes) else { return bytes };
        let how = match error.kind() {
            ErrorKind::WouldBlock => "nothing comes any more".to_owned(),
            ErrorKind::UnexpectedEof => "the stream ends".into(),
            _ => format!("{error:?}"),
        };
        panic!("{how}, where an answer has to come: {what}. {}", self.server.place())
    }

    /// One frame of an answer: its letter and the rest.
    #[track_caller]
    pub fn hear(&self, what: &str) -> (u8, Vec<u8>) {
        let header: [u8; 4] = self.bytes(4, what).try_into().unwrap();
        let length = u32::from_be_bytes(header) as usize;
        assert!(
            (1..=LONGEST).contains(&length),
            "{what}: your server's frame begins with {header:?} ({:?}), which would be a length of \
             {length}, and possible are 1 to {LONGEST}",
            shown(header)
        );
        let mut frame = self.bytes(length, what);
        (frame.remove(0), frame)
    }

    /// The next part of a content, `None` at its end; or the sentence of a refusal.
    #[track_caller]
    pub fn part_or_refusal(&self, what: &str) -> Result<Option<Vec<u8>>, String> {
        match self.hear(what) {
            (b'D', bytes) => Ok(Some(bytes)),
            (b'E', rest) if rest.is_empty() => Ok(None),
            (b'-', why) => Err(String::from_utf8_lossy(&why).into_owned()),
            (letter, rest) => panic!(
                "{what}: your server's frame has the letter {:?} and {} bytes behind it, where an \
                 answer is made of D, E (with nothing behind it) and -",
                shown([letter]),
                rest.len()
            ),
        }
    }

    #[track_caller]
    pub fn part(&self, what: &str) -> Option<Vec<u8>> {
        match self.part_or_refusal(what) {
            Ok(part) => part,
            Err(why) => panic!("refused, with {why:?}: {what}"),
        }
    }

    /// A whole answer: a content, or the sentence of a refusal.
    #[track_caller]
    pub fn answer(&self, what: &str) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        while let Some(part) = self.part_or_refusal(what)? {
            content.extend_from_slice(&part);
        }
        Ok(content)
    }

    #[track_caller]
    pub fn content(&self, what: &str) -> Vec<u8> {
        match self.answer(what) {
            Ok(content) => content,
            Err(why) => panic!("refused, with {why:?}: {what}"),
        }
    }

    #[track_caller]
    pub fn list(&self) -> Vec<String> {
        self.say(b'L', "");
        self.names("L")
    }

    /// What comes of it.
    #[track_caller]
    pub fn names(&self, what: &str) -> Vec<String> {
        let mut list = self.content(what);
        let end = list.pop();
        assert!(end.is_none_or(|end| end == 0), "behind the last name of a list no NUL stands");
        list.split(|&byte| byte == 0).map(shown).collect()
    }

    #[track_caller]
    pub fn gets(&self, name: impl AsRef<[u8]>, wanted: &[u8], what: &str) {
        self.say(b'G', name);
        same(&self.content(what), wanted, what);
    }

    #[track_caller]
    pub fn stores(&self, what: &str) {
        let answer = self.content(&format!("a put of {what}"));
        equal!(answer.len(), 0, "bytes in the answer to a put of {what}: it is E alone");
    }

    #[track_caller]
    pub fn refuses(&self, what: &str, why: &str) {
        match self.answer(&format!("{what}, which has to be refused: {why}")) {
            Err(sentence) => assert!(!sentence.is_empty(), "{what} is refused without a sentence"),
            Ok(content) => panic!(
                "{what} was not refused, and gave {} bytes ({}): {why}",
                content.len(),
                shown(&content[..content.len().min(20)])
            ),
        }
    }

    /// There is no answer yet, and nobody at work who could make one.
    #[track_caller]
    pub fn says_nothing(&self, why: &str) {
        while !self.server.process.is_quiet() {
            thread::yield_now();
        }
        self.stream.set_nonblocking(true).unwrap();
        let answer = self.stream.peek(&mut [0; 5]);
        self.stream.set_nonblocking(false).unwrap();
        assert!(
            matches!(&answer, Err(error) if error.kind() == ErrorKind::WouldBlock),
            "{why}. {answer:?}"
        );
    }
}

/// Length, letter, rest.
pub fn frame(letter: u8, rest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(rest.len() + 1).unwrap();
    [&length.to_be_bytes(), [letter].as_slice(), rest].concat()
}

#[track_caller]
pub fn same(got: &[u8], wanted: &[u8], what: &str) {
    if got == wanted {
        return;
    }
    let alike = got.iter().zip(wanted).take_while(|(got, wanted)| got == wanted);
    let at = alike.count();
    let part = |bytes: &[u8]| match bytes.get(at..) {
        Some(rest) if !rest.is_empty() => shown(&rest[..rest.len().min(16)]),
        _ => "its end".into(),
    };
    let text = match got.get(at..).is_some_and(|rest| rest.starts_with("\u{fffd}".as_bytes())) {
        true => {
            ". EF BF BD is U+FFFD, which a decoder puts where bytes are no UTF-8: a file is no text"
        }
        false => "",
    };
    panic!(
        "{what}\n  {} bytes came where there are {}, and they differ at byte {at}{text}\n  \
         got:    {}\n  wanted: {}",
        got.len(),
        wanted.len(),
        part(got),
        part(wanted)
    );
}
