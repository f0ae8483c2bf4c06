//! The rules of the room, by function calls. Members are named by the ports that they come from.

mod idle;
mod order;

use std::time::Instant;

use super::{Event, Limits, Reason, Room};
use crate::wire::{Malformed, Request};

/// A room, and a clock that moves when it is told to.
struct Scene {
    room: Room,
    now: Instant,
}

impl Scene {
    fn new(limits: Limits) -> Self {
        Self { room: Room::new(limits), now: Instant::now() }
    }

    /// With members at the ports 1, 2, 3 …
    fn with(names: &[&str]) -> Self {
        let mut scene = Self::new(Limits::default());
        for (port, name) in (1..).zip(names) {
            assert_eq!(scene.get(port, format!("L {name}")), Event::Joined);
        }
        scene.post();
        scene
    }

    fn get(&mut self, from: u16, datagram: impl AsRef<[u8]>) -> Event {
        self.room.receive(datagram.as_ref(), ([127, 0, 0, 1], from).into(), self.now)
    }

    /// All that waits, datagram by datagram, in its order.
    fn post(&mut self) -> Vec<(u16, String)> {
        let mut all = Vec::new();
        self.room.deliver(|delivery| {
            let texts = delivery.messages().map(|bytes| String::from_utf8_lossy(bytes).into());
            all.extend(texts.map(|text| (delivery.to.port(), text)));
        });
        self.room.clear();
        assert!(self.room.is_quiet());
        all
    }

    #[track_caller]
    fn posts(&mut self, wanted: &[(u16, &str)]) {
        let wanted: Vec<_> = wanted.iter().map(|&(to, text)| (to, text.to_owned())).collect();
        assert_eq!(self.post(), wanted);
    }
}

#[test]
fn the_five_features_of_the_course() {
    let mut scene = Scene::with(&["ann", "bob"]);
    assert_eq!(scene.get(3, "L 张三"), Event::Joined);
    scene.posts(&[(3, "OK"), (1, "\n欢迎 张三 进入聊天室"), (2, "\n欢迎 张三 进入聊天室")]);
    assert_eq!(scene.get(4, "L bob"), Event::Refused);
    scene.posts(&[(4, "该用户已存在")]);
    assert_eq!(scene.get(2, "C bob hello  all"), Event::Said);
    scene.posts(&[(1, "\nbob 说:hello  all"), (3, "\nbob 说:hello  all")]);
    assert!(scene.room.announce("时间到"));
    scene.posts(&[1, 2, 3].map(|to| (to, "\n管理员 说:时间到")));
    assert_eq!(scene.get(1, "Q ann"), Event::Left);
    scene.posts(&[(1, "EXIT"), (2, "\nann退出了聊天室"), (3, "\nann退出了聊天室")]);
    // The name is free again, and whoever has it now stands at the end of the row.
    assert_eq!(scene.get(5, "L ann"), Event::Joined);
    scene.post();
    assert!(scene.room.announce("x"));
    assert_eq!(scene.post().iter().map(|(to, _)| *to).collect::<Vec<_>>(), [2, 3, 5]);
}

#[test]
fn a_name_belongs_to_its_address() {
    let mut scene = Scene::with(&["ann", "bob"]);
    for (from, datagram, reason) in [
        (2, "C ann fake", Reason::NotYours),
        (3, "C ann fake", Reason::NotYours),
        (2, "Q ann", Reason::NotYours),
        (3, "Q ann", Reason::NotYours),
        (2, "C 管理员 fake", Reason::NotYours),
        (3, "C 管理员 fake", Reason::NotYours),
        (3, "C cat hello", Reason::Stranger),
        (3, "Q cat", Reason::Stranger),
        (1, "Q cat", Reason::NotYours),
    ] {
        assert_eq!(scene.get(from, datagram), Event::Dropped(reason), "{from}: {datagram}");
    }
    scene.posts(&[]);
    assert_eq!(scene.room.counters().dropped(Reason::NotYours), 7);
    assert_eq!(scene.room.counters().dropped(Reason::Stranger), 2);
    assert_eq!(scene.room.members(), 2);
}

#[test]
fn an_address_has_one_name_and_gets_everything_once() {
    let mut scene = Scene::with(&["ann", "bob"]);
    assert_eq!(scene.get(1, "L ann2"), Event::Refused);
    assert_eq!(scene.get(1, "L bob"), Event::Refused);
    scene.posts(&[(1, "该用户已存在"), (1, "该用户已存在")]);
    // The answer had been lost: it is given again, and nobody hears of it twice.
    assert_eq!(scene.get(1, "L ann"), Event::Again);
    scene.posts(&[(1, "OK")]);
    scene.get(2, "C bob hi");
    scene.posts(&[(1, "\nbob 说:hi")]);
}

#[test]
fn names_that_nobody_may_have_are_answered() {
    let mut scene = Scene::with(&["ann"]);
    let long = format!("L {}", "x".repeat(65));
    for datagram in ["L ", "L  ann", "L a\nb", "L \x1b[2J", "L a\0", "L 管理员\u{200b}", &long] {
        assert_eq!(scene.get(2, datagram), Event::Refused, "{datagram:?}");
        scene.posts(&[(2, "该用户名不可用")]);
    }
    assert_eq!(scene.get(2, "L 管理员"), Event::Refused);
    scene.posts(&[(2, "该用户已存在")]);
}

#[test]
fn what_makes_no_sense_is_counted_by_its_reason() {
    let mut scene = Scene::with(&["ann", "bob"]);
    for (datagram, why) in [
        (&b"L"[..], Malformed::NoName),
        (b"C", Malformed::NoName),
        (b"Q", Malformed::NoName),
        (b"", Malformed::NoSuchRequest),
        (b"C ann \xe4\xbd", Malformed::NotUtf8),
    ] {
        assert_eq!(scene.get(1, datagram), Event::Dropped(Reason::Malformed(why)));
    }
    scene.posts(&[]);
    let counters = scene.room.counters();
    assert_eq!(counters.dropped(Reason::Malformed(Malformed::NoName)), 3);
    assert_eq!(counters.received(), 7);
    let text = counters.to_string();
    assert!(text.contains("not_utf8=1 no_such_request=1 no_name=3 too_long=0"), "{text}");
}

#[test]
fn texts_cannot_forge_lines() {
    let mut scene = Scene::with(&["ann", "bob"]);
    scene.get(1, "C ann hi\n管理员 说:all out\x1b[2J");
    scene.posts(&[(2, "\nann 说:hi␊管理员 说:all out␛[2J")]);
}

#[test]
fn the_longest_notice_is_sent_and_one_byte_more_is_not() {
    let mut scene = Scene::with(&["ann", "bob"]);
    let around = "\nann 说:".len();
    for (text, event) in [
        ("x".repeat(2048 - around), Event::Said),
        ("x".repeat(2049 - around), Event::Dropped(Reason::TooLong)),
        ("x".repeat(60_000), Event::Dropped(Reason::TooLong)),
        // It grows on its way: a picture is three bytes long.
        ("\x07".repeat(1000), Event::Dropped(Reason::TooLong)),
    ] {
        assert_eq!(scene.get(1, Request::Chat { name: "ann", text: &text }.to_vec()), event);
    }
    assert_eq!(scene.post().len(), 1);
    assert!(!scene.room.announce(&"x".repeat(2048)));
    scene.posts(&[]);
    // Nothing of what was dropped is left in the buffer.
    scene.get(1, "C ann hi");
    scene.posts(&[(2, "\nann 说:hi")]);
}

#[test]
fn a_full_room_says_so() {
    let mut scene = Scene::new(Limits { members: 1, ..Limits::default() });
    scene.get(1, "L ann");
    scene.post();
    assert_eq!(scene.get(2, "L bob"), Event::Refused);
    scene.posts(&[(2, "聊天室已满")]);
    scene.get(1, "Q ann");
    assert_eq!(scene.get(2, "L bob"), Event::Joined);
}
