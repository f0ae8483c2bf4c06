//! A datagram in, a request out: what a server would have received is a slice here.

use std::panic::{catch_unwind, resume_unwind};

use chat_parse::{ADMINISTRATOR, LONGEST_NAME, Refused, Request, parse};
use testkit::step;

testkit::exercise! {
    t1_the_three_requests,
    t2_the_blanks_of_a_text_belong_to_it,
    t3_who_says_nothing,
    t4_one_blank_separates,
    t5_what_is_no_request,
    t6_names_that_nobody_gets,
    t7_bytes_that_are_no_text,
    t8_nothing_makes_it_panic,
}

fn t1_the_three_requests() {
    let why = "A letter, a blank, a name; for C, a blank and the text";
    for name in ["ann", "张三", "Zoë", "a-b_c.2", "أحمد", "🙂", "Ann", "管理员2", "L"] {
        let why = format!("{why}. A name may be written in every script");
        is(format!("L {name}").as_bytes(), Ok(Request::Login { name }), &why);
        is(format!("C {name} 你好").as_bytes(), Ok(Request::Chat { name, text: "你好" }), &why);
        is(format!("Q {name}").as_bytes(), Ok(Request::Quit { name }), &why);
    }
}

fn t2_the_blanks_of_a_text_belong_to_it() {
    let why = "The text is all that stands behind the blank behind the name, byte for byte. \
               Whoever cuts it into words does not know any more what stood between them";
    for text in ["two words", "a  b", "    if x:", "end ", " ", "  ", "\tx\t", "a\nb\n", "C bob hi"]
    {
        let datagram = format!("C ann {text}");
        is(datagram.as_bytes(), Ok(Request::Chat { name: "ann", text }), why);
    }
    let long = "长".repeat(20_000);
    let datagram = format!("C ann {long}");
    is(
        datagram.as_bytes(),
        Ok(Request::Chat { name: "ann", text: &long }),
        "A datagram may have up to 65,507 bytes (udp(7)); what is too long to be sent on is not \
         the parser's affair",
    );
}

fn t3_who_says_nothing() {
    for datagram in ["C ann", "C ann "] {
        is(
            datagram.as_bytes(),
            Ok(Request::Chat { name: "ann", text: "" }),
            "Somebody has pressed Enter and said nothing. A text may be empty, and the blank in \
             front of it may be missing, as the one that a program takes off at the end of a line",
        );
    }
}

fn t4_one_blank_separates() {
    let why = "Fields are separated by ONE blank: behind the first one comes the name, up to the \
               second one. Whoever takes several for one reads another message than was sent";
    is(b"C ann  x", Ok(Request::Chat { name: "ann", text: " x" }), why);
    is(b"C  x", Ok(Request::Chat { name: "", text: "x" }), why);
    is(b"C  x y", Ok(Request::Chat { name: "", text: "x y" }), why);
    is(b"C ", Ok(Request::Chat { name: "", text: "" }), why);
    is(b"Q ", Ok(Request::Quit { name: "" }), why);
    is(b"Q  ann", Ok(Request::Quit { name: "" }), why);
    is(
        b"L  ann",
        Err(Refused::BadName),
        "Between two blanks stands an empty name, and nobody is called so",
    );
    let why = "A blank ends the name. What follows it means nothing in a login and in a quit";
    is(b"L ann lee", Ok(Request::Login { name: "ann" }), why);
    is(b"L ann ", Ok(Request::Login { name: "ann" }), why);
    is(b"Q ann lee", Ok(Request::Quit { name: "ann" }), why);
    is(
        b"C ann\tbob x",
        Ok(Request::Chat { name: "ann\tbob", text: "x" }),
        "Only a blank (0x20) separates fields. Names of C and Q are handed on as they are",
    );
}

fn t5_what_is_no_request() {
    let no_such: [(&[u8], &str); 12] = [
        (b" ", "its first field is empty"),
        (b"hello", "a word that is none of the three, whatever is behind it"),
        (b"", "nothing: a datagram may be empty, and that is no end of anything (recv(2))"),
        (b"l ann", "a small letter is another letter"),
        (b" L ann", "its first field is empty: a blank stands in front of the letter"),
        (b"LL ann", "its first field is LL. That it begins with L does not make an L of it"),
        (b"Login ann", "its first field is Login, and not L"),
        (b"Lann", "its first field is Lann"),
        (b"L\tann", "a tabulator is no blank, so that all of this is one field"),
        (b"C\nann x", "a newline is no blank, so that the first field has more than a letter"),
        ("Ｌ ann".as_bytes(), "a letter of full width (U+FF2C) is another letter"),
        (b"X ann x", "a letter that is none of the three"),
    ];
    for (datagram, why) in no_such {
        is(datagram, Err(Refused::NoSuchRequest), why);
    }
    for letter in ["L", "C", "Q"] {
        is(
            letter.as_bytes(),
            Err(Refused::NoName),
            "A letter that is one of the three, and nothing behind it: there is no second field. \
             Anybody can send it, so ask whether it is there",
        );
    }
}

fn t6_names_that_nobody_gets() {
    is(b"L ", Err(Refused::BadName), "An empty name: in the room it would look like nobody");
    let reserved = "Under this name the administrator speaks. Whoever has it is believed by all";
    is(format!("L {ADMINISTRATOR}").as_bytes(), Err(Refused::Reserved), reserved);
    is(format!("L {ADMINISTRATOR} x").as_bytes(), Err(Refused::Reserved), reserved);
    for (c, what) in [
        ('\n', "a newline: what is behind it looks like a line of its own"),
        ('\r', "a carriage return: what is behind it is written over what stands in front"),
        ('\t', "a tabulator, which looks like blanks"),
        ('\0', "a NUL, which some programs take for the end"),
        ('\x1b', "ESC: what is behind it may be an order to the terminal"),
        ('\x7f', "DEL, a control character"),
        ('\u{9b}', "U+009B, a control character that is not ASCII: to a terminal it is ESC ["),
        ('\u{85}', "U+0085, a newline that is not ASCII"),
        ('\u{a0}', "U+00A0, a blank that is not ASCII"),
        ('\u{3000}', "U+3000, the blank of Chinese text: the two names look the same"),
    ] {
        for name in [format!("{ADMINISTRATOR}{c}"), format!("a{c}b"), format!("{c}a")] {
            is(
                format!("L {name}").as_bytes(),
                Err(Refused::BadName),
                &format!("Its name has a character in it that no name has, {what}"),
            );
        }
    }
    for (longest, what) in
        [("x".repeat(64), "letters"), ("张".repeat(21) + "x", "Chinese characters")]
    {
        let why = format!("A name of exactly {LONGEST_NAME} bytes, {what}: that is allowed");
        is(format!("L {longest}").as_bytes(), Ok(Request::Login { name: &longest }), &why);
        is(
            format!("L {longest}x").as_bytes(),
            Err(Refused::BadName),
            &format!(
                "A name of {LONGEST_NAME} + 1 bytes, {what}. It would stand in front of everything \
                 that its owner says. What a datagram has room for is counted in bytes, and a \
                 character has up to 4 of them"
            ),
        );
    }
    let why = "Only who logs in gets his name looked at. This one belongs to nobody, and the room \
               will find that out";
    let text = format!("C {ADMINISTRATOR} x");
    is(text.as_bytes(), Ok(Request::Chat { name: ADMINISTRATOR, text: "x" }), why);
    let text = format!("Q {ADMINISTRATOR}");
    is(text.as_bytes(), Ok(Request::Quit { name: ADMINISTRATOR }), why);
}

fn t7_bytes_that_are_no_text() {
    let cut = "你好".repeat(400);
    let cut = &[b"C ann ", cut.as_bytes()].concat()[..1024];
    let no_text: [(&[u8], &str); 8] = [
        (cut, "a message that was cut after 1,024 bytes, in the middle of a character"),
        (b"\xff\xfe", "bytes that occur nowhere in UTF-8"),
        (b"L caf\xe9", "e with an accent in Latin-1, one byte; in UTF-8 it has two"),
        (b"C ann ok \x80", "the second byte of a character, without a first one"),
        (b"C ann \xed\xa0\x80", "a surrogate, which is no character (utf-8(7))"),
        (b"C ann \xc0\xaf", "a slash in two bytes, where one is enough: it gets past filters"),
        (
            b"X \xff",
            "no such request, and no UTF-8. The bytes come first: the rest asks about text",
        ),
        (&cut[..7], "the first of the three bytes of a character"),
    ];
    for (datagram, why) in no_text {
        is(
            datagram,
            Err(Refused::NotUtf8),
            &format!(
                "{why}. What is no text is not made one: nobody has said what would be left of it"
            ),
        );
    }
}

fn t8_nothing_makes_it_panic() {
    for request in ["L ann", "C 张三 a  b", "Q 张三"] {
        let request = request.as_bytes();
        for at in 0..request.len() {
            for byte in 0..=255 {
                let mut other = request.to_vec();
                other[at] = byte;
                let _ = ask(&other);
                other.truncate(at + 1);
                let _ = ask(&other);
            }
            let _ = ask(&request[at..]);
            let _ = ask(&[&request[..at], &request[at + 1..]].concat());
        }
    }
}

/// `why` says what somebody might have overlooked.
#[track_caller]
fn is(datagram: &[u8], wanted: Result<Request<'_>, Refused>, why: &str) {
    let said = ask(datagram);
    assert!(
        said == wanted,
        "{}: {why}\n  parse() said:      {}\n  should have said:  {}",
        shown(datagram),
        outcome(&said),
        outcome(&wanted)
    );
}

fn ask(datagram: &[u8]) -> Result<Request<'_>, Refused> {
    catch_unwind(|| parse(datagram)).unwrap_or_else(|panic| {
        // Where nothing is written yet, this is no news.
        if panic.downcast_ref() != Some(&"not yet implemented") {
            step!(
                "then came {}. Whoever sends it ends a server that panics, for everybody in the \
                 room",
                shown(datagram)
            );
        }
        resume_unwind(panic)
    })
}

/// Bytes for people: as text where they are text.
fn shown(datagram: &[u8]) -> String {
    let text = match std::str::from_utf8(datagram) {
        Ok(text) => text.escape_debug().to_string(),
        Err(_) => datagram.escape_ascii().to_string(),
    };
    let count = text.chars().count();
    if count <= 120 {
        return format!("\"{text}\"");
    }
    let (head, tail) = (text.chars().take(40), text.chars().skip(count - 30));
    format!(
        "\"{} … {}\" ({} bytes)",
        head.collect::<String>(),
        tail.collect::<String>(),
        datagram.len()
    )
}

fn outcome(result: &Result<Request<'_>, Refused>) -> String {
    let quoted = |text: &str| shown(text.as_bytes());
    match result {
        Ok(Request::Login { name }) => format!("Login, name {}", quoted(name)),
        Ok(Request::Chat { name, text }) => {
            format!("Chat, name {}, text {}", quoted(name), quoted(text))
        }
        Ok(Request::Quit { name }) => format!("Quit, name {}", quoted(name)),
        Err(refused) => format!("refused, {refused:?}"),
    }
}
