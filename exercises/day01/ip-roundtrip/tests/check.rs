//! Texts and bytes. What an address means is the kernel's affair: bind(2) is asked once.

use std::net::{Ipv4Addr, TcpListener};
use std::panic::{catch_unwind, resume_unwind};

use ip_roundtrip::{Refused, format, parse};
use testkit::exercise::shown;
use testkit::{equal, step};

testkit::exercise! {
    t1_the_text_of_four_bytes,
    t2_the_four_bytes_of_a_text,
    t3_four_parts_and_no_other_number,
    t4_a_part_ends_at_255,
    t5_digits_and_nothing_else,
    t6_no_zero_in_front,
    t7_there_and_back,
}

fn t1_the_text_of_four_bytes() {
    for (address, text) in [
        ([192, 168, 1, 2], "192.168.1.2"),
        ([0, 0, 0, 0], "0.0.0.0"),
        ([255, 255, 255, 255], "255.255.255.255"),
        ([10, 0, 0, 9], "10.0.0.9"),
    ] {
        equal!(
            format(address),
            text,
            "format({address:?}): each byte as a decimal number without zeros in front, the first \
             byte first (network order), a dot between each (inet(3), inet_ntoa)"
        );
    }
}

fn t2_the_four_bytes_of_a_text() {
    let loopback = good("127.0.0.1");
    if let Err(error) = TcpListener::bind((Ipv4Addr::from(loopback), 0)) {
        panic!(
            "parse(\"127.0.0.1\") gave the bytes {loopback:?}. The kernel reads them in network \
             order, the first number first, so bind(2) was asked for {} and said: {error:?}",
            Ipv4Addr::from(loopback)
        );
    }
    step!("127.0.0.1 became {loopback:?}, and bind(2) took it");
    for (text, address) in [
        ("192.168.1.2", [192, 168, 1, 2]),
        ("1.2.3.4", [1, 2, 3, 4]),
        ("255.255.255.255", [255, 255, 255, 255]),
        ("0.0.0.0", [0, 0, 0, 0]),
        ("10.0.0.9", [10, 0, 0, 9]),
    ] {
        equal!(good(text), address, "the four bytes of {text:?}, in network order (ip(7))");
    }
}

fn t3_four_parts_and_no_other_number() {
    for text in ["1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1.2.3.4.256", "1..2.3.4"] {
        refused(text, Refused::Parts, "it has five parts, and an address has four bytes");
    }
    for text in ["1.2.3", "127.1", "2130706433", "1", "1,2,3,4", ""] {
        refused(
            text,
            Refused::Parts,
            "its dots do not make four parts. The C library fills up what is missing in its own \
             way (inet(3): 127.1 is 127.0.0.1 to inet_aton), so the same text would be another \
             address elsewhere",
        );
    }
}

fn t4_a_part_ends_at_255() {
    for text in ["1.2.3.256", "256.2.3.4", "1.300.3.4", "1.2.999.4", "1.2.3.511"] {
        refused(
            text,
            Refused::TooLarge,
            "one part is above 255, and a byte ends there. Whoever keeps the low eight bits of it \
             has another machine's address, and no error",
        );
    }
    let long = format!("1.2.3.{}", "9".repeat(300));
    for text in ["1.2.65537.4", "1.2.3.4294967297", "18446744073709551617.2.3.4", &long] {
        refused(
            text,
            Refused::TooLarge,
            "one part is above 255, and too large for other types as well. Whoever writes the list \
             decides how many digits there are",
        );
    }
}

fn t5_digits_and_nothing_else() {
    for text in ["1..2.3", "1.2.3.", ".1.2.3", "..."] {
        refused(text, Refused::NotANumber, "it has four parts, and an empty one is no number");
    }
    for text in [" 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\r\n", "1.2. 3.4", "1.2.3.4\0"] {
        refused(
            text,
            Refused::NotANumber,
            "there is something besides the four numbers. Who reads lines takes the newline off \
             himself. An address has one text: two that count as the same here are different ones \
             to a program that compares them or looks them up",
        );
    }
    for text in ["+1.2.3.4", "1.2.3.+4", "-1.2.3.4", "1.-0.3.4"] {
        refused(
            text,
            Refused::NotANumber,
            "a sign is no digit. The integers of std take one (\"+1\".parse::<u8>() is Ok(1)); the \
             text of an address has none",
        );
    }
    for text in ["0x7f.0.0.1", "1.2.3.4x", "1.2.a.4", "1.2.3.1e1", "1.2.3.4/24", "1.2.3.4:80"] {
        refused(text, Refused::NotANumber, "a part has something else in it than digits");
    }
    for text in ["\u{ff11}.2.3.4", "1.2.3.\u{664}", "1.2.3.\u{b2}", "\u{4e00}.2.3.4"] {
        refused(
            text,
            Refused::NotANumber,
            "a part has something else in it than the ten bytes b'0' to b'9'. Other scripts have \
             digits of their own, and an address does not use them",
        );
    }
}

fn t6_no_zero_in_front() {
    for text in ["01.2.3.4", "1.2.3.04", "1.010.3.4", "192.168.001.002", "1.2.3.08", "00.0.0.0"] {
        refused(
            text,
            Refused::LeadingZero,
            "a part begins with 0. inet_aton(3), and with it ping, reads such a number as octal: \
             010 is 8. The firewall would let in one machine, and the program behind it talk to \
             another",
        );
    }
    equal!(good("0.10.100.0"), [0, 10, 100, 0], "these zeros stand alone, or behind another digit");
}

fn t7_there_and_back() {
    // Every byte in every place, and addresses from all over the range.
    let each = (0..4).flat_map(|place| {
        (0..=255).map(move |byte| {
            let mut address = [1, 20, 255, 0];
            address[place] = byte;
            address
        })
    });
    let all_over = (0..=u32::MAX).step_by(65_521).map(u32::to_be_bytes);
    for address in each.chain(all_over).chain([[255; 4]]) {
        let text = format(address);
        let wanted = Ipv4Addr::from(address).to_string();
        equal!(text, wanted, "format({address:?})");
        equal!(good(&text), address, "{text:?}, which format has written, parsed again");
    }
}

#[track_caller]
fn good(text: &str) -> [u8; 4] {
    match ask(text) {
        Ok(address) => address,
        Err(Refused::LeadingZero) => panic!(
            "parse({text:?}) refused a proper address for a zero in front: a 0 that is all of its \
             part, or stands behind another digit, is in front of nothing"
        ),
        Err(why) => panic!("parse({text:?}) refused a proper address: {why:?}"),
    }
}

/// `why` says what is wrong with it, for people.
#[track_caller]
fn refused(text: &str, reason: Refused, why: &str) {
    match ask(text) {
        Ok(address) => panic!("parse({text:?}) took it for {}: {why}", Ipv4Addr::from(address)),
        Err(said) => equal!(
            said,
            reason,
            "parse({text:?}) refused it, and gave the wrong one of the four reasons: {why}"
        ),
    }
}

fn ask(text: &str) -> Result<[u8; 4], Refused> {
    catch_unwind(|| parse(text)).unwrap_or_else(|panic| {
        // Where nothing is written yet, this is no news.
        if panic.downcast_ref() != Some(&"not yet implemented") {
            step!("then came parse({}), and no text may make it panic", shown(&text));
        }
        resume_unwind(panic)
    })
}
