//! The server runs in a process of its own beside the test, which plays its clients, looks into its
//! folder, and keeps a secret beside it. What an answer has to be is said in frames.

mod server;

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::ffi::OsStringExt as _;
use std::thread;
use std::time::{Duration, Instant};

use server::{
    BIG, Change, Client, FOLDER, OLD_NAME, SECRET, Server, changes, everything, frame, pattern,
    same, shown,
};
use testkit::exercise::{Observed as _, PATIENCE};
use testkit::{equal, peer, step};
use tftp_serve::LONGEST;

testkit::exercise! {
    t1_the_list,
    t2_whole_files: limit(Duration::from_secs(30)),
    t3_what_is_no_file: limit(Duration::from_secs(30)),
    t4_names_that_lead_elsewhere: limit(Duration::from_secs(30)),
    t5_in_pieces_and_stuck_together: limit(Duration::from_secs(30)),
    t6_a_put: limit(Duration::from_secs(30)),
    t7_a_put_that_is_refused: limit(Duration::from_secs(30)),
    t8_half_an_upload: limit(Duration::from_secs(30)),
    t9_at_the_same_time: limit(Duration::from_secs(30)),
    t10_lengths_that_cannot_be: limit(Duration::from_secs(30)),
    t11_they_leave: limit(Duration::from_secs(30)),
}

fn t1_the_list() {
    let server = Server::start();
    let client = server.client();
    let names = client.list();
    for (name, why) in [
        (
            ".calibration",
            "a name that begins with a dot is not listed: unfinished uploads may have one",
        ),
        ("drafts", "a directory is no file that could be sent"),
        ("panel", "a FIFO is no file: whoever opens it waits for a writer (fifo(7))"),
        (
            "shortcut",
            "a symbolic link leads out of the folder. stat(2) tells what a link leads to, lstat(2) \
             what the link is, and so does DirEntry::file_type",
        ),
        ("alias", "a symbolic link is no ordinary file, wherever it leads"),
    ] {
        assert!(!names.contains(&shown(name.as_bytes())), "{name:?} is in the list: {why}");
    }
    let wanted = [b"Z.nc", b"a long name.nc".as_slice(), b"empty", OLD_NAME, b"plan.bin"];
    equal!(
        names,
        wanted.map(shown),
        "the names of all ordinary files, sorted by their bytes, as answer to L. A name is bytes and \
         goes out as it is: what is not UTF-8 cannot go through a String"
    );
    equal!(client.list().len(), wanted.len(), "the second list on the same connection");
}

fn t2_whole_files() {
    let server = Server::start();
    let client = server.client();
    client.gets("plan.bin", &pattern(BIG), "a file of 3 MiB with all values of a byte");
    client.gets("empty", b"", "an empty file");
    client.gets("a long name.nc", b"G0 X0\r\nM30\r\n", "a file with \\r\\n, whose name has blanks");
    client.gets(OLD_NAME, b"12 mm", "a file whose name is not UTF-8");
    client.gets("plan.bin", &pattern(BIG), "the large file once more, on the same connection");
}

fn t3_what_is_no_file() {
    let server = Server::start();
    let client = server.client();
    for (name, why) in [
        ("nothing", "there is none of this name (ENOENT)"),
        ("drafts", "it is a directory: open(2) opens it, and a read says EISDIR"),
        (
            "shortcut",
            "it is a symbolic link, and leads to a secret: open(2) follows it, but for \
                      O_NOFOLLOW",
        ),
        ("alias", "it is a symbolic link"),
        (
            "panel",
            "it is a FIFO, and an open waits until somebody writes to it, but for O_NONBLOCK (fifo(7))",
        ),
    ] {
        client.say(b'G', name);
        client.refuses(&format!("G {name}"), why);
        client.gets("Z.nc", b"M30", &format!("a file, after {name:?} was refused"));
    }
}

fn t4_names_that_lead_elsewhere() {
    let server = Server::start();
    let client = server.client();
    for name in elsewhere() {
        client.say(b'G', &name);
        client.refuses("G", &is_no_name(&name));
    }
    client.gets("Z.nc", b"M30", "a file, after many names were refused");
}

/// Names that nobody has to do with.
fn elsewhere() -> Vec<Vec<u8>> {
    let absolute = fs::canonicalize(SECRET).unwrap().into_os_string().into_vec();
    let names: [&[u8]; 10] = [
        b"../secret",
        b"drafts/../../secret",
        b"./../secret",
        &absolute,
        b"drafts/old.nc",
        b"..",
        b".",
        b"",
        b".calibration",
        b"Z.nc\0.txt",
    ];
    names.map(<[u8]>::to_vec).into()
}

fn is_no_name(name: &[u8]) -> String {
    format!(
        "{:?} is no name of a file here. The name comes from anybody: ask what it may contain, and \
         not what it must not begin with. Path::join takes '..' as it is, and throws away the folder \
         when the name begins with '/'",
        shown(name)
    )
}

fn t5_in_pieces_and_stuck_together() {
    const WHY: &str = "A stream knows nothing of the writes (tcp(7)): how long a frame is, its first \
                       four bytes say, and nothing else does";
    let server = Server::start();
    let client = server.client();
    for piece in frame(b'G', b"Z.nc").chunks(2) {
        if (&client.stream).write_all(piece).is_err() {
            // The answer says what there is to say.
            break;
        }
        peer::until_read(&client.stream);
    }
    step!(
        "a client has sent a request in pieces of two bytes, and your server has read each by itself"
    );
    let what = format!("a request that has come two bytes at a time. {WHY}");
    same(&client.content(&what), b"M30", &what);
    let requests = [(b'L', ""), (b'G', "Z.nc"), (b'G', "empty"), (b'L', "")];
    client.raw(&requests.map(|(letter, name)| frame(letter, name.as_bytes())).concat());
    step!("a client has sent L, G, G and L by one write");
    let what = |request| format!("{request}, one of four requests that have come together. {WHY}");
    let list = client.content(&what("L"));
    same(&client.content(&what("G Z.nc")), b"M30", &what("G Z.nc"));
    same(&client.content(&what("G empty")), b"", &what("G empty"));
    same(&client.content(&what("L")), &list, &what("L"));
}

fn t6_a_put() {
    let server = Server::start();
    let client = server.client();
    let big: Vec<u8> = pattern(BIG).into_iter().rev().collect();
    client.put("new.bin", &big);
    client.stores("a new file of 3 MiB, in frames of 64 KiB");
    same(&fs::read("files/new.bin").unwrap(), &big, "what was stored of a file of 3 MiB");

    client.say(b'P', "marks");
    let parts: [&[u8]; 6] = [b"one", b"**", b"\r\n", b"", b"Q", b"two**"];
    parts.iter().for_each(|part| client.say(b'D', part));
    client.say(b'E', "");
    client.stores("a file of which one part is '**'");
    same(
        &fs::read("files/marks").unwrap(),
        &parts.concat(),
        "what was stored of a content with the bytes ** in it. A mark can occur in what it ends; a \
         length says where the end is, whatever the bytes are",
    );

    client.put("plan.bin", b"shorter");
    client.stores("a file that is there already, and longer");
    same(&fs::read("files/plan.bin").unwrap(), b"shorter", "what was stored over a longer file");
    let stuck = [(b'P', "two.nc"), (b'D', "M0"), (b'D', "2"), (b'E', "")];
    client.raw(&stuck.map(|(letter, rest)| frame(letter, rest.as_bytes())).concat());
    client.stores("a file of which all frames come together");
    client.gets("two.nc", b"M02", "a file of which name and content have come together");
    client.put(OLD_NAME, b"");
    client.stores("nothing, under a name that is not UTF-8");
    client.gets(OLD_NAME, b"", "the empty file that was stored");
    client.gets("new.bin", &big, "the large file that was stored");
    equal!(client.list().len(), 5 + 3, "the names in the list, with three new ones");
}

fn t7_a_put_that_is_refused() {
    let server = Server::start();
    let client = server.client();
    for name in ["drafts", "../new.nc"] {
        client.say(b'P', name);
        client.say(b'D', "Q");
        client.say(b'D', pattern(LONGEST - 1));
        peer::until_read(&client.stream);
        client.says_nothing(&format!(
            "the client has not sent its E yet, and P {name} is answered. It goes on sending what it \
             has begun: read that to its end, and then say what there is to say"
        ));
        client.say(b'E', "");
        client.refuses(&format!("P {name}"), "nothing can be stored there");
        client.gets(
            "Z.nc",
            b"M30",
            "a file, after a put was refused: the next frame is the next request",
        );
    }
    let before = everything(".");
    for name in elsewhere() {
        client.put(&name, b"mine now");
        client.refuses("P", &is_no_name(&name));
    }
    client.put("shortcut", b"through the link");
    // That the link is replaced is as good as a refusal.
    let _ = client.answer("P shortcut, which is a symbolic link that leads to a secret");
    for Change { name, was, is } in changes(&before, &everything(".")) {
        assert!(
            name == "files/shortcut",
            "{name} was {was} and is now {is}: a put has written to where it has no business. open(2) \
             follows a link also when it writes, rename(2) does not"
        );
    }
    client.say(b'X', "what is this?");
    client.refuses("X", "no request begins with it");
    client.say(b'L', "");
    assert_eq!(
        client.names("L")[..2],
        ["Z.nc", "a long name.nc"],
        "the list, after a letter that nobody knows"
    );
}

fn t8_half_an_upload() {
    let server = Server::start();
    let before = everything(FOLDER);
    let new = half_of(&server, "new.bin");
    step!("a client is in the middle of an upload of new.bin, and stands still");
    let other = server.client();
    other.say(b'L', "");
    let names =
        other.names("L of another client, while one stands still in the middle of an upload");
    assert!(
        !names.contains(&"new.bin".into()),
        "new.bin is in the list, and only a half of it has come: whoever gets it now gets the half. \
         Write under a name that nobody can ask for, and rename(2) when all of it is there"
    );
    equal!(names.len(), 5, "the names in the list while an upload stands still: {names:?}");
    let old = half_of(&server, "plan.bin");
    step!("another one is in the middle of an upload of plan.bin, which is there already");
    other.gets(
        "plan.bin",
        &pattern(BIG),
        "the old plan.bin, while half of a new one has come. It is whole until the new one is",
    );
    new.stream.shutdown(Shutdown::Write).unwrap();
    drop(new);
    peer::reset(old.stream).unwrap();
    step!("one has ended its connection (a FIN), the other one has crashed (a RST)");
    let start = Instant::now();
    while !everything(FOLDER).keys().eq(before.keys()) && start.elapsed() < PATIENCE / 2 {
        thread::sleep(Duration::from_millis(2));
    }
    if let Some(Change { name, was, is }) = changes(&before, &everything(FOLDER)).pop() {
        panic!(
            "two uploads have ended in the middle of a frame, and {name} was {was} and is now {is}. No \
             E has come: the end of the connection is not the end of a file. What has been written is \
             to be removed, on every way out"
        );
    }
    other.gets("Z.nc", b"M30", "a file, after others have vanished");
}

/// A client that stands still in the middle of a put.
fn half_of<'a>(server: &'a Server, name: &str) -> Client<'a> {
    let client = server.client();
    client.say(b'P', name);
    (0..8).for_each(|_| client.say(b'D', [b'!'; 32 * 1024]));
    client.raw(&frame(b'D', b"half a frame")[..7]);
    peer::until_read(&client.stream);
    client
}

fn t9_at_the_same_time() {
    let server = Server::start();
    let slow = server.client();
    slow.say(b'G', "plan.bin");
    let first = slow.part("the first part of a file of 3 MiB").expect("it has not ended");
    step!("a client gets plan.bin, and has read its first part");
    let (one, two) = (server.client(), server.client());
    one.say(b'P', "plan.bin");
    two.say(b'P', "plan.bin");
    for _ in 0..8 {
        one.say(b'D', [b'1'; 32 * 1024]);
        two.say(b'D', [b'2'; 32 * 1024]);
    }
    peer::until_read(&one.stream);
    peer::until_read(&two.stream);
    step!("two others have sent all of a new plan.bin each, but for the E");
    for (client, byte) in [(one, b'1'), (two, b'2')] {
        client.say(b'E', "");
        // Uploads that share a file fail in either way, here or below, as chance has it.
        client.stores(
            "one of two uploads of the same name; until it is whole, each needs a name of its own",
        );
        let other = server.client();
        other.gets(
            "plan.bin",
            &[byte; 256 * 1024],
            "plan.bin, of which two clients have sent new ones: whoever is done first has stored his, \
             and then the other one replaces it, whole. Until then each needs a name of its own",
        );
    }
    let rest = slow.content("the rest of the old plan.bin");
    same(
        &[first, rest].concat(),
        &pattern(BIG),
        "plan.bin, of which a new one was stored while it was sent. Who has opened the old one keeps \
         it when rename(2) gives its name to another file; who writes into it changes it for all",
    );
}

fn t10_lengths_that_cannot_be() {
    let server = Server::start();
    let other = server.client();
    for length in [u32::MAX, 1 << 31, u32::try_from(LONGEST).unwrap() + 1, 0] {
        let client = server.client();
        client.raw(&[&length.to_be_bytes(), b"L".as_slice()].concat());
        step!("a client has said that a frame has {length} bytes");
        let mut answer = [0; 5];
        let end = (&client.stream).read(&mut answer);
        assert!(
            !matches!(&end, Err(error) if error.kind() == ErrorKind::WouldBlock)
                && (!matches!(end, Ok(1..)) || answer[4] == b'-'),
            "a client says that its frame has {length} bytes, where 1 to {LONGEST} are possible, and \
             your server goes on as if it had: {end:?}. It would wait for all of them, and set memory \
             aside for them, for anybody who sends four bytes. Close the connection. {}",
            server.place()
        );
        other.gets("Z.nc", b"M30", "a file for another client, after a length that cannot be");
    }
}

fn t11_they_leave() {
    let server = Server::start();
    let other = server.client();
    for _ in 0..5 {
        let client = server.client();
        client.say(b'G', "plan.bin");
        client.part("the first part of a file").expect("it has not ended");
        peer::reset(client.stream).unwrap();
    }
    step!("five clients have crashed in the middle of a get (a RST)");
    other.gets("Z.nc", b"M30", "a file for another client, after five have crashed");
    let client = server.client();
    client.say(b'Q', "");
    let end = (&client.stream).read(&mut [0]);
    assert!(
        matches!(end, Ok(0)),
        "a client has sent Q, and the connection is not closed: {end:?}. {}",
        server.place()
    );
    drop(client);
    server.has_let_go("Clients have crashed, and one has quit");
    other.gets("Z.nc", b"M30", "a file for another client, after one has quit");
}
