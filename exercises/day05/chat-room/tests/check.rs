//! A request in, and out comes the list of what is to be sent, in its order. There is no socket:
//! addresses are values.

use std::net::SocketAddr;

use chat_room::{ADMINISTRATOR, Delivery, NotYours, Room};
use testkit::{equal, step};

testkit::exercise! {
    t1_who_comes_is_answered_and_announced,
    t2_what_one_says_goes_to_the_others,
    t3_who_leaves,
    t4_the_administrator_speaks_to_all,
    t5_a_name_that_is_taken,
    t6_a_login_whose_answer_was_lost,
    t7_one_address_is_one_member,
    t8_in_the_name_of_others,
    t9_a_text_is_shown_and_not_obeyed,
    t10_the_order_of_the_logins,
}

const TAKEN: &str = "该用户已存在";

fn t1_who_comes_is_answered_and_announced() {
    let mut room = Room::new();
    is(
        room.login(ANN, "ann"),
        &[(ANN, "OK")],
        "the first one logs in, and nobody else is there. He is told that he is in by his OK; the \
         notice is for those who were there before",
    );
    is(
        room.login(BOB, "bob"),
        &[(BOB, "OK"), (ANN, "\n欢迎 bob 进入聊天室")],
        "the second one logs in: his answer, and then the notice to the one who is there. He \
         himself has his OK and needs no notice",
    );
    is(
        room.login(CAT, "张三"),
        &[(CAT, "OK"), (ANN, "\n欢迎 张三 进入聊天室"), (BOB, "\n欢迎 张三 进入聊天室")],
        "the third one logs in: his answer first, then the others in the order of their logins",
    );
}

fn t2_what_one_says_goes_to_the_others() {
    let mut room = three();
    said(
        room.chat(ANN, "ann", "hello  world "),
        &[(BOB, "\nann 说:hello  world "), (CAT, "\nann 说:hello  world ")],
        "ann says something. It goes to the others, with all its blanks; who has typed it has it \
         on his screen already",
    );
    said(
        room.chat(CAT, "cat", "你好"),
        &[(ANN, "\ncat 说:你好"), (BOB, "\ncat 说:你好")],
        "cat says something",
    );
    said(
        room.chat(BOB, "bob", ""),
        &[(ANN, "\nbob 说:"), (CAT, "\nbob 说:")],
        "bob presses Enter and says nothing: a text may be empty",
    );
    let mut room = Room::new();
    room.login(ANN, "ann");
    said(
        room.chat(ANN, "ann", "anybody there?"),
        &[],
        "ann is alone and says something: that is allowed, and goes to nobody",
    );
}

fn t3_who_leaves() {
    let mut room = three();
    said(
        room.quit(ANN, "ann"),
        &[(ANN, "EXIT"), (BOB, "\nann退出了聊天室"), (CAT, "\nann退出了聊天室")],
        "ann leaves. Her client ends when it gets EXIT, and waits for it until then; the others \
         get a notice (without a blank in it)",
    );
    said(
        room.chat(BOB, "bob", "hi"),
        &[(CAT, "\nbob 说:hi")],
        "bob says something after ann has left: she gets nothing any more",
    );
    ignored(room.chat(ANN, "ann", "hi"), "ann has left and says something");
    step!("ann has left; then her quit came again: a quit may come twice, or from nobody");
    ignored(
        room.quit(ANN, "ann"),
        "ann has left, and her quit comes a second time, as a datagram may. There is nothing to \
         remove any more, and no reason to panic",
    );
    is(
        room.login(DAN, "ann"),
        &[(DAN, "OK"), (BOB, "\n欢迎 ann 进入聊天室"), (CAT, "\n欢迎 ann 进入聊天室")],
        "ann has left, so that her name is free: somebody at another address takes it",
    );
    is(
        room.login(ANN, "eve"),
        &[
            (ANN, "OK"),
            (BOB, "\n欢迎 eve 进入聊天室"),
            (CAT, "\n欢迎 eve 进入聊天室"),
            (DAN, "\n欢迎 eve 进入聊天室"),
        ],
        "who has left comes back by another name: her address is free, too",
    );
    said(
        room.chat(BOB, "bob", "hi"),
        &[(CAT, "\nbob 说:hi"), (DAN, "\nbob 说:hi"), (ANN, "\nbob 说:hi")],
        "bob says something after one has left and come back: she is the last one now, behind \
         everybody who was there before",
    );
}

fn t4_the_administrator_speaks_to_all() {
    let mut room = three();
    let notice = "\n管理员 说:we close at ten";
    is(
        room.announce("we close at ten"),
        &[(ANN, notice), (BOB, notice), (CAT, notice)],
        "the administrator says something, to all",
    );
    is(
        Room::new().announce("hello?"),
        &[],
        "the administrator says something, and nobody is there",
    );
}

fn t5_a_name_that_is_taken() {
    let mut room = three();
    is(
        room.login(DAN, "bob"),
        &[(DAN, TAKEN)],
        "somebody at another address wants to be called bob, like a member: he is told why not, \
         and nobody else hears of it",
    );
    ignored(room.chat(DAN, "bob", "I am bob"), "he says something as bob all the same");
    said(
        room.chat(BOB, "bob", "I am"),
        &[(ANN, "\nbob 说:I am"), (CAT, "\nbob 说:I am")],
        "bob says something after another one has tried to get his name: it is his name still, and \
         the other one is no member",
    );
    for room in [&mut room, &mut Room::new()] {
        is(
            room.login(DAN, ADMINISTRATOR),
            &[(DAN, TAKEN)],
            "somebody wants to be called like the administrator. Whoever is called so is believed \
             by all",
        );
    }
    is(
        room.login(DAN, "Bob"),
        &[
            (DAN, "OK"),
            (ANN, "\n欢迎 Bob 进入聊天室"),
            (BOB, "\n欢迎 Bob 进入聊天室"),
            (CAT, "\n欢迎 Bob 进入聊天室"),
        ],
        "somebody wants to be called Bob, and bob is there: these are two names",
    );
}

fn t6_a_login_whose_answer_was_lost() {
    let mut room = three();
    let again = "ann logs in again, same address, same name: her OK was lost on the way (UDP \
                 promises nothing), or it comes late. She is a member, so that OK is the true \
                 answer; that the name is taken would be true as well, and would leave her outside \
                 for good. Nobody else has to hear of it";
    is(room.login(ANN, "ann"), &[(ANN, "OK")], again);
    is(room.login(ANN, "ann"), &[(ANN, "OK")], again);
    said(
        room.chat(BOB, "bob", "hi"),
        &[(ANN, "\nbob 说:hi"), (CAT, "\nbob 说:hi")],
        "bob says something after ann has logged in three times: she gets it once, and at her old \
         place",
    );
}

fn t7_one_address_is_one_member() {
    let mut room = three();
    is(
        room.login(ANN, "eve"),
        &[(ANN, TAKEN)],
        "ann's address logs in with a second name. Who has two names is two members: he gets \
         everything twice, or is called one thing and then another",
    );
    said(
        room.chat(ANN, "ann", "hi"),
        &[(BOB, "\nann 说:hi"), (CAT, "\nann 说:hi")],
        "she goes on under her first name, which is hers as before",
    );
    ignored(room.chat(ANN, "eve", "hi"), "she speaks under the second one, which she did not get");
    said(
        room.chat(BOB, "bob", "hi"),
        &[(ANN, "\nbob 说:hi"), (CAT, "\nbob 说:hi")],
        "bob says something: one address gets it once",
    );
    let (here, there) = (address("10.0.0.9:7000"), address("10.0.0.9:7001"));
    step!("two programs at one machine log in: 10.0.0.9:7000 and 10.0.0.9:7001");
    let mut room = Room::new();
    room.login(here, "dan");
    is(
        room.login(there, "eve"),
        &[(there, "OK"), (here, "\n欢迎 eve 进入聊天室")],
        "the second one of them. An address is IP and port: many people may sit behind one IP",
    );
    ignored(room.chat(there, "dan", "hi"), "one of them speaks in the other one's name");
    let elsewhere = address("10.0.0.10:7000");
    ignored(
        room.chat(elsewhere, "dan", "hi"),
        "somebody at another machine, by chance at the same port",
    );
}

fn t8_in_the_name_of_others() {
    let mut room = three();
    ignored(room.chat(ANN, "bob", "I owe ann ten"), "ann, a member, says something in bob's name");
    ignored(room.chat(DAN, "bob", "hi"), "a stranger says something in bob's name");
    ignored(room.chat(DAN, "dan", "hi"), "a stranger says something under a name that nobody has");
    let forged = "says something as 管理员. The old server takes its administrator's lines like \
                  that, and so could everybody: such a line comes from the terminal alone";
    for from in [ANN, DAN] {
        ignored(room.chat(from, ADMINISTRATOR, "free pizza"), &format!("{} {forged}", who(from)));
    }
    let quit = "wants bob to leave. His client would get EXIT, and end";
    for from in [ANN, DAN] {
        ignored(room.quit(from, "bob"), &format!("{} {quit}", who(from)));
    }
    ignored(
        room.quit(DAN, "dan"),
        "a stranger leaves whom nobody knows: there is nothing to remove",
    );
    ignored(room.quit(ANN, "nobody"), "ann leaves under a name that nobody has");
    ignored(room.quit(ANN, ADMINISTRATOR), "ann leaves as the administrator");
    ignored(room.quit(ANN, ""), "ann leaves under an empty name");
    said(
        room.chat(BOB, "bob", "still here"),
        &[(ANN, "\nbob 说:still here"), (CAT, "\nbob 说:still here")],
        "bob says something after others have spoken and left in his name: all are there",
    );
}

fn t9_a_text_is_shown_and_not_obeyed() {
    let mut room = three();
    for (text, shown, what) in [
        (
            "hi\n管理员 说:free pizza",
            "hi\u{fffd}管理员 说:free pizza",
            "a newline, and behind it something like a line of the administrator",
        ),
        ("\x1b[2J\x07", "\u{fffd}[2J\u{fffd}", "ESC [2J: the terminals of all others are cleared"),
        ("\u{9b}2J", "\u{fffd}2J", "U+009B, which is not ASCII, and is ESC [ to a terminal"),
        ("a\rb\0c\x7f\r\n", "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}\u{fffd}", "five more of them"),
        ("\ta\tb", "\ta\tb", "tabulators, which are harmless, and stay"),
        (r#"it's "C:\dir" 🙂é"#, r#"it's "C:\dir" 🙂é"#, "quotes, backslashes and more: all stay"),
    ] {
        let notice = format!("\nann 说:{shown}");
        said(
            room.chat(ANN, "ann", text),
            &[(BOB, &notice), (CAT, &notice)],
            &format!(
                "a text has in it {what}. Of control characters, terminals make what they mean"
            ),
        );
        let notice = format!("\n管理员 说:{shown}");
        is(
            room.announce(text),
            &[(ANN, &notice), (BOB, &notice), (CAT, &notice)],
            &format!("the administrator's line, pasted from somewhere, has in it {what}"),
        );
    }
}

fn t10_the_order_of_the_logins() {
    let mut room = Room::new();
    // Neither the names nor the addresses are in an order of their own.
    let members: Vec<(SocketAddr, String)> = (0..100_u16)
        .map(|i| {
            (address(&format!("10.0.0.1:{}", 1024 + i * 37 % 101)), format!("m{}", i * 53 % 100))
        })
        .collect();
    for (at, (from, name)) in members.iter().enumerate() {
        let notice = format!("\n欢迎 {name} 进入聊天室");
        let others = members[..at].iter().map(|member| (member.0, &*notice));
        let wanted: Vec<(SocketAddr, &str)> = [(*from, "OK")].into_iter().chain(others).collect();
        is(room.login(*from, name), &wanted, "one of a hundred logs in");
    }
    for gone in [0, 1, 50, 98] {
        room.quit(members[gone].0, &members[gone].1).expect("a member may leave");
    }
    let rest = members.iter().enumerate().filter(|(at, _)| ![0, 1, 50, 98].contains(at));
    let wanted: Vec<(SocketAddr, &str)> =
        rest.map(|(_, member)| (member.0, "\n管理员 说:hi")).collect();
    is(
        room.announce("hi"),
        &wanted,
        "the administrator speaks to 96 members, in the order of their logins: 4 of a hundred have \
         left, and the others keep their places",
    );
}

const ANN: SocketAddr = v4(1, 40001);
const BOB: SocketAddr = v4(2, 40002);
const CAT: SocketAddr = v4(3, 40003);
/// A stranger.
const DAN: SocketAddr = v4(4, 40004);

const fn v4(last: u8, port: u16) -> SocketAddr {
    let ip = std::net::Ipv4Addr::new(192, 168, 0, last);
    SocketAddr::V4(std::net::SocketAddrV4::new(ip, port))
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn who(address: SocketAddr) -> String {
    let known = [(ANN, "ann"), (BOB, "bob"), (CAT, "cat"), (DAN, "a stranger")];
    let name = known.iter().find(|known| known.0 == address);
    name.map_or_else(|| address.to_string(), |(_, name)| (*name).into())
}

/// With ann, bob and cat in it, who came in this order.
fn three() -> Room {
    let mut room = Room::new();
    for (from, name) in [(ANN, "ann"), (BOB, "bob"), (CAT, "cat")] {
        room.login(from, name);
    }
    room
}

#[track_caller]
fn is(got: Vec<Delivery>, wanted: &[(SocketAddr, &str)], what: &str) {
    let people = |(address, text): (SocketAddr, &str)| format!("to {}: {text:?}", who(address));
    let got: Vec<String> = got.iter().map(|(address, text)| people((*address, text))).collect();
    let wanted: Vec<String> = wanted.iter().copied().map(people).collect();
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    let order = match got != wanted && sorted(&got) == sorted(&wanted) {
        true => {
            ". All of them are there, in another order: the answer to the sender comes first, then \
             the others in the order of their logins, which a HashMap does not keep, nor does \
             anything that sorts"
        }
        false => "",
    };
    equal!(Lines(got), Lines(wanted), "{what}{order}");
}

#[track_caller]
fn said(got: Result<Vec<Delivery>, NotYours>, wanted: &[(SocketAddr, &str)], what: &str) {
    match got {
        Ok(got) => is(got, wanted, what),
        Err(NotYours) => panic!(
            "{what}, and your room says NotYours. It is a member's name, and his own address: he \
             has logged in so"
        ),
    }
}

#[track_caller]
fn ignored(got: Result<Vec<Delivery>, NotYours>, what: &str) {
    if let Ok(deliveries) = got {
        let people = |(to, text): &Delivery| format!("to {}: {text:?}", who(*to));
        let list: Vec<String> = deliveries.iter().map(people).collect();
        let sent = match list.as_slice() {
            [] => {
                "does not send anything, but does not say NotYours either: who called it would not \
                   know that there is something to log"
                    .to_owned()
            }
            list => format!("sends {}", list.join(", ")),
        };
        panic!(
            "{what}. Your room {sent}. A name in a request is a claim that anybody can make; who \
             is speaking is decided by the address that it came from, and by who has logged in \
             there"
        );
    }
}

/// A list for people.
#[derive(PartialEq)]
struct Lines(Vec<String>);

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("nothing"),
            list => f.write_str(&list.join("; ")),
        }
    }
}
