//! The server runs in a process of its own beside the test, which plays the members and the
//! administrator. What one member gets comes in the order in which it was sent, so that nothing has
//! come before a thing if that thing is the next to be received.

mod server;

use std::net::Shutdown;

use chat_wire::open;
use server::{Member, POLLS, Server, shown};
use testkit::exercise::{Observed as _, SPIN};
use testkit::{equal, proc, step};
use trace::{Act, Fault, Fd};

testkit::exercise! {
    t1_a_login_is_answered,
    t2_an_idle_server_sleeps_in_poll,
    t3_a_login_whose_answer_was_lost,
    t4_what_one_says_goes_to_the_others,
    t5_the_administrator_at_the_terminal,
    t6_who_leaves,
    t7_logins_that_are_refused,
    t8_what_kills_the_old_server,
    t9_long_messages,
    t10_in_the_name_of_others,
    t11_a_text_is_shown_and_not_obeyed,
    t12_a_second_server,
    t13_members_that_have_gone,
    t14_false_alarms_and_failed_sends: faults(trouble),
}

const TAKEN: &str = "该用户已存在";
const BAD: &str = "该用户名不可用";

fn t1_a_login_is_answered() {
    let server = Server::start();
    let ann = server.stranger("ann");
    ann.sends("L ann");
    ann.hears("OK", "the answer to the login of the first member: these two bytes and no others");
    let bob = server.stranger("张三");
    bob.sends("L 张三");
    bob.hears("OK", "the answer to the login of the second member");
    ann.hears("\n欢迎 张三 进入聊天室", "what the first member gets when the second one has come");
}

fn t2_an_idle_server_sleeps_in_poll() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    server.rests(
        "Two members are there and say nothing. poll(2) without a time limit sleeps until there is \
         something to read. Who gives it a limit wakes up for nothing; who asks for POLLOUT is \
         told at once, since a socket for datagrams is nearly always writable",
    );
    let pid = server.process.pid();
    assert!(
        proc::asleep_in(pid, pid).is_none_or(|call| POLLS.contains(&call)),
        "nobody says anything, and your server does not sleep in poll(2). One call has to wait for \
         the members and for the terminal: a call that waits for one of them is deaf to the other. \
         {}",
        server.place()
    );
    server.is_one_process();
    server.does_not_block();
    ann.sends("C ann hi");
    bob.hears("\nann 说:hi", "what bob gets after the server has slept for a moment");
}

fn t3_a_login_whose_answer_was_lost() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    for _ in 0..2 {
        ann.sends("L ann");
        ann.hears(
            "OK",
            "the answer to ann, who is a member and logs in again from the same address: her OK \
             was lost on its way (UDP promises nothing), and her client asks again",
        );
    }
    bob.sends("L bob");
    bob.hears(
        "OK",
        "what bob gets next, whose own login comes again, after ann's has come three times. That \
         she is there was told when she came",
    );
    ann.sends("C ann hi");
    bob.hears("\nann 说:hi", "what bob gets when ann says something");
    bob.is_up_to_date("ann has logged in three times and spoken once, and bob gets her text once");
}

fn t4_what_one_says_goes_to_the_others() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    let cat = server.member("cat", &[&ann, &bob]);
    for text in ["hello", "hello  world ", "  你好, 🙂", "\tx", "L ann", ""] {
        ann.sends(&format!("C ann {text}"));
        for other in [&bob, &cat] {
            other.hears(
                &format!("\nann 说:{text}"),
                "what another member gets of what ann says: all that stands behind the blank \
                 behind her name, with all its blanks",
            );
        }
    }
    ann.sends("C ann");
    bob.hears("\nann 说:", "what bob gets when ann sends no text at all, not even its blank");
    bob.sends("C bob here");
    ann.hears(
        "\nbob 说:here",
        "the next thing that ann gets. What she has said herself is on her screen already",
    );
    server.has_dropped(&[], "all that came was a member's own words, or was nothing but blanks");
}

fn t5_the_administrator_at_the_terminal() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    let all = |what: &str, line: &str| {
        for member in [&ann, &bob] {
            member.hears(&format!("\n管理员 说:{line}"), what);
        }
    };
    server.types(b"we close at ten\n");
    all(
        "what a member gets of a line of the administrator, without its newline",
        "we close at ten",
    );
    server.types(b"one\n\ntwo\n");
    for line in ["one", "", "two"] {
        all("of three lines that come in one read, one of them empty, each is a message", line);
    }
    server.types(b"good ");
    server.rests("The administrator has typed half a line, and thinks about the other half");
    ann.sends("C ann who is there?");
    bob.hears(
        "\nann 说:who is there?",
        "what bob gets next. At the terminal is half a line, and whoever waits there for the other \
         half keeps all members waiting",
    );
    server.types(b"night\n");
    ann.hears("\n管理员 说:good night", "what ann gets when the other half of the line has come");
    bob.hears("\n管理员 说:good night", "what bob gets when the other half of the line has come");
    server.types(b"caf\xe9\n");
    all("a line with a byte that is no UTF-8: it is shown, and nobody dies of it", "caf\u{fffd}");
    server.types(b"bye");
    server.keyboard.shutdown(Shutdown::Write).unwrap();
    step!("the terminal has ended, behind 3 bytes without a newline");
    all("the last line of a terminal that has ended, without a newline", "bye");
    server.rests(
        "The terminal has ended: a read returns 0. An end is no event that passes, it stays \
         readable for ever, and poll(2) reports it at once as long as it is asked about it",
    );
    ann.sends("C ann still here");
    bob.hears(
        "\nann 说:still here",
        "what bob gets after the terminal has ended. A server runs without one most of the time",
    );
}

fn t6_who_leaves() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    let cat = server.member("cat", &[&ann, &bob]);
    ann.sends("Q ann");
    ann.hears("EXIT", "the answer to ann, who leaves: her client waits for it, and ends");
    bob.hears("\nann退出了聊天室", "what bob gets when ann has left (without a blank)");
    cat.hears("\nann退出了聊天室", "what cat gets when ann has left");
    bob.sends("C bob hi");
    cat.hears("\nbob 说:hi", "what cat gets next");
    let dan = server.stranger("another ann");
    dan.sends("L ann");
    dan.hears("OK", "the answer to somebody who wants to be called ann, who has left");
    bob.hears("\n欢迎 ann 进入聊天室", "what bob gets when there is a new ann");
    cat.hears("\n欢迎 ann 进入聊天室", "what cat gets when there is a new ann");
    ann.sends("L eve");
    ann.hears(
        "OK",
        "what the one who has left gets next, when she comes back by another name: nothing was \
         sent to her in between",
    );
}

fn t7_logins_that_are_refused() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    let eve = server.stranger("eve");
    let long = format!("L {}", "x".repeat(65));
    for (login, answer, what) in [
        ("L ann", TAKEN, "a name that a member has"),
        ("L 管理员", TAKEN, "the administrator's name"),
        ("L ", BAD, "an empty name: somebody has pressed Enter, and waits for an answer"),
        ("L  eve", BAD, "two blanks, and between them an empty name"),
        ("L eve\n", BAD, "a name with a newline, which looks like another one's"),
        ("L e\u{1b}[2J", BAD, "a name with ESC, which gives orders to every terminal"),
        ("L 管理员\u{3000}", BAD, "a name with the blank of Chinese text, which looks like 管理员"),
        ("L e\u{9b}2J", BAD, "a name with U+009B, which is ESC [ to a terminal, and not ASCII"),
        (&long, BAD, "a name of 65 bytes"),
    ] {
        eve.sends(login);
        eve.hears(answer, &format!("the answer to a login with {what}"));
    }
    ann.sends("L eve");
    ann.hears(
        TAKEN,
        "the answer to a second login from ann's address, by another name. Who has two names gets \
         everything twice",
    );
    let longest = format!("{}x", "张".repeat(21));
    eve.sends(&format!("L {longest}"));
    eve.hears("OK", "the answer to a login with a name of exactly 64 bytes");
    let notice = format!("\n欢迎 {longest} 进入聊天室");
    bob.hears(&notice, "the next thing that bob gets: of logins that were refused nobody is told");
    ann.hears(&notice, "the next thing that ann gets");
    server.has_dropped(&[], "each of these logins got an answer");
}

fn t8_what_kills_the_old_server() {
    let server = Server::start();
    let (ann, _bob) = server.ann_and_bob();
    let eve = server.stranger("eve");
    let deadly: [(&[u8], &str); 14] = [
        (b"\xff\xfe", "bytes that are no UTF-8"),
        (b"C ann \xe4\xbd", "a text that was cut inside a character"),
        (b"C ann \xed\xa0\x80", "a surrogate, which is no character"),
        (b"L caf\xe9", "a name that is no UTF-8"),
        (b"L", "the letter L and nothing else"),
        (b"C", "the letter C and nothing else"),
        (b"Q", "the letter Q and nothing else"),
        (b"Q nobody", "somebody leaves whom nobody knows"),
        (b"Q ", "somebody leaves under an empty name"),
        (b"C  hi", "somebody without a name says something"),
        (
            b"",
            "a datagram of 0 bytes. recvfrom returns 0, and that is no end: there is no connection",
        ),
        (b" ", "a single blank"),
        (b"hello", "a word that is no request"),
        ("Ｌ ann".as_bytes(), "a letter of full width"),
    ];
    for (number, (datagram, what)) in deadly.iter().enumerate() {
        eve.sends_bytes(datagram);
        ann.is_up_to_date(&format!("a stranger has sent {}, {what}", shown(datagram)));
        let so_far: Vec<&[u8]> = deadly[..=number].iter().map(|one| one.0).collect();
        server.has_dropped(&so_far, &format!("the last one was {}, {what}", shown(datagram)));
    }
}

fn t9_long_messages() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    // In front of the text: a newline, "ann", a blank, "说:".
    let fits = |length: usize| "x".repeat(length - 9);
    let chinese = "长".repeat(400);
    for (text, what) in [
        (chinese.clone(), "a text of 400 Chinese characters, 1,200 bytes"),
        (fits(2048), "a text that becomes a message of exactly 2,048 bytes"),
    ] {
        ann.sends(&format!("C ann {text}"));
        bob.hears(
            &format!("\nann 说:{text}"),
            &format!(
                "what bob gets of {what}. recvfrom(2) gives as much of a datagram as the buffer \
                 has room for, and throws the rest away, perhaps in the middle of a character"
            ),
        );
    }
    let too_long = [fits(65_510), fits(2049), "长".repeat(700)];
    let requests = too_long.map(|text| format!("C ann {text}").into_bytes());
    for request in &requests {
        let what = format!("ann has sent {} bytes, {}", request.len(), shown(request));
        ann.sends_bytes(request);
        ann.is_up_to_date(&format!(
            "{what}. What goes out is longer than what came in: here longer than UDP carries \
             (EMSGSIZE, udp(7)), or than the old clients receive"
        ));
        bob.is_up_to_date(&format!(
            "{what}, which becomes a message of more than 2,048 bytes. Bob's client receives no \
             more at once; it would cut the rest off, perhaps inside a character, and die of that"
        ));
    }
    let requests: Vec<&[u8]> = requests.iter().map(Vec::as_slice).collect();
    server.has_dropped(&requests, "three messages were too long to be sent on");
    ann.sends("C ann short");
    bob.hears("\nann 说:short", "what bob gets when ann says something short again");
}

fn t10_in_the_name_of_others() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    let eve = server.stranger("eve");
    let mut so_far: Vec<&[u8]> = Vec::new();
    for (who, request, what) in [
        (&ann, "C bob I owe ann ten", "ann, a member, speaks as bob"),
        (&eve, "C bob hi", "a stranger speaks as bob"),
        (&eve, "C eve hi", "a stranger speaks who has not logged in"),
        (&ann, "C 管理员 free pizza", "ann speaks as the administrator"),
        (&eve, "C 管理员 free pizza", "a stranger speaks as the administrator"),
        (&ann, "Q bob", "ann, a member, leaves as bob, whose client would end"),
        (&eve, "Q bob", "a stranger leaves as bob, whose client would end"),
        (&eve, "Q ann", "a stranger leaves as ann"),
    ] {
        who.sends(request);
        so_far.push(request.as_bytes());
        let what = format!(
            "{what} ({}). Anybody can write any name into a datagram; who is speaking is decided \
             by the address that it came from",
            shown(request.as_bytes())
        );
        bob.is_up_to_date(&what);
        ann.is_up_to_date(&what);
        server.has_dropped(&so_far, &what);
    }
    server.types(b"I am the administrator\n");
    for member in [&ann, &bob] {
        member.hears(
            "\n管理员 说:I am the administrator",
            "what comes from the terminal still comes",
        );
    }
}

fn t11_a_text_is_shown_and_not_obeyed() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    for (text, shown, what) in [
        (
            "hi\n管理员 说:free pizza",
            "hi\u{fffd}管理员 说:free pizza",
            "a newline, and behind it something like a line of the administrator",
        ),
        ("\x1b[2J\x07", "\u{fffd}[2J\u{fffd}", "ESC [2J, which clears the terminals of the others"),
        ("\u{9b}2J", "\u{fffd}2J", "U+009B, which is ESC [ to a terminal, and not ASCII"),
        ("a\rb\0c\x7f\r\n", "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}\u{fffd}", "five more of them"),
        ("\ta\tb", "\ta\tb", "tabulators, which are harmless, and stay"),
    ] {
        ann.sends(&format!("C ann {text}"));
        bob.hears(&format!("\nann 说:{shown}"), &format!("ann's text has in it {what}"));
    }
    let grows = format!("C ann {}", "\0".repeat(1000));
    ann.sends(&grows);
    bob.is_up_to_date(
        "ann has sent 1,000 control characters, which would go out as 3,000 bytes. What counts is \
         what goes out",
    );
    server.has_dropped(&[grows.as_bytes()], "1,000 control characters, which become too long");
    server.types(b"\x1b[2Jred\n");
    bob.hears("\n管理员 说:\u{fffd}[2Jred", "the administrator has pasted ESC [2J from somewhere");
}

fn t12_a_second_server() {
    let server = Server::start();
    let (ann, bob) = server.ann_and_bob();
    match open(server.address) {
        Err(error) => equal!(
            error.kind(),
            std::io::ErrorKind::AddrInUse,
            "why a second server cannot be opened at the address of the first one"
        ),
        Ok(_second) => panic!(
            "a second server has been opened at the address of the first one. The kernel gives \
             each datagram to one of the two sockets, mostly to the last one, and the first server \
             hears nothing and is not told. Two options allow it, SO_REUSEADDR and SO_REUSEPORT, \
             when both sockets have them (socket(7)). What SO_REUSEADDR is good for with TCP, \
             TIME_WAIT, does not exist with UDP"
        ),
    }
    ann.sends("C ann hi");
    bob.hears("\nann 说:hi", "what bob gets after somebody has tried to open a second server");
}

fn t13_members_that_have_gone() {
    let server = Server::start();
    let mut members: Vec<Member> = Vec::new();
    for number in 0..30 {
        let others: Vec<&Member> = members.iter().collect();
        let member = server.member(&format!("m{number}"), &others);
        members.push(member);
    }
    step!("30 members are there; 10 of them close their sockets without a word");
    for _ in 0..10 {
        // Each third: an ICMP message says that nobody is there any more.
        members.remove(members.len() / 3);
    }
    for number in 0..5 {
        let speaker = &members[number * 4];
        speaker.sends(&format!("C {} round {number}", speaker.name));
        for member in members.iter().filter(|member| member.name != speaker.name) {
            member.hears(
                &format!("\n{} 说:round {number}", speaker.name),
                "what a member gets while a third of the room has gone without a word: somebody's \
                 machine is always off, and that is nothing to the others",
            );
        }
    }
}

/// What a kernel may do, and hardly ever does.
fn trouble() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@wait"], Act::Error(libc::EINTR)).every(3),
        Fault::on(&["@read"], Act::Error(libc::EAGAIN)).fd(socket).every(3),
        Fault::on(&["@write"], Act::Error(libc::EPERM)).fd(socket).every(4),
    ]
}

fn t14_false_alarms_and_failed_sends() {
    let server = Server::start();
    step!(
        "poll is interrupted by signals (EINTR); each third receive finds nothing, although poll \
         has said so (EAGAIN, BUGS of select(2): a datagram with a wrong checksum); each fourth \
         send fails, as where a firewall does not let it out (EPERM)"
    );
    let members = ["ann", "bob", "cat"].map(|name| server.insists(name));
    for number in 0..40 {
        members[0].sends(&format!("C ann {number}"));
    }
    // Its answer comes behind all that was said before.
    members[0].insists();
    let heard = |member: &Member| -> usize {
        member.socket.set_nonblocking(true).unwrap();
        let came = std::iter::from_fn(|| member.comes().ok());
        came.filter(|bytes| bytes.starts_with("\nann 说:".as_bytes())).count()
    };
    let heard = [heard(&members[1]), heard(&members[2])];
    assert!(
        heard.iter().sum::<usize>() >= 60,
        "ann has said 40 things to two others, and each fourth send has failed: 60 of 80 messages \
         can arrive. Bob got {} and cat {}. A send that fails concerns one member; whoever comes \
         behind him in the list can still be reached",
        heard[0],
        heard[1]
    );
    assert!(proc::comes_to_rest(server.process.pid(), SPIN), "it does not come to rest");
}
