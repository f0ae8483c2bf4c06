//! The server runs in a process of its own, beside the test, which plays its clients and keeps a
//! secret next to the folder. That nothing more will come is seen when all of the server sleeps.

mod server;

use std::fs;
use std::process::Command;
use std::time::Duration;

use http_v2::{BODY, Settings};
use server::{AN_HOUR, DECODED, INDEX, SECRET, Server, big, request};
use testkit::exercise::Observed as _;
use testkit::exercise::http::Shown;
use testkit::{equal, peer, step};

testkit::exercise! {
    t1_files,
    t2_many_requests_on_a_connection,
    t3_together_and_in_pieces,
    t4_a_body_belongs_to_its_request,
    t5_a_body_that_is_too_large,
    t6_names_to_be_decoded,
    t7_ways_out,
    t8_what_is_no_file,
    t9_fifty_at_a_time: limit(Duration::from_secs(30)),
    t10_who_says_nothing_and_who_leaves: limit(Duration::from_secs(30)),
    t11_curl,
}

fn t1_files() {
    let server = Server::start();
    let big = big();
    for (target, kind, body) in [
        ("/", "text/html; charset=utf-8", INDEX.as_bytes()),
        ("/index.html", "text/html; charset=utf-8", INDEX.as_bytes()),
        ("/empty.txt", "text/plain; charset=utf-8", b""),
        ("/plain.txt?page=3", "text/plain; charset=utf-8", b"plain.txt"),
        ("/big.bin", "application/octet-stream", &big),
    ] {
        let answer = server.client().asks("GET", target, "a file");
        equal!(answer.code, 200, "the code for {target}");
        equal!(Shown(&answer.body), Shown(body), "the body for {target}");
        equal!(answer.field("Content-Type"), Some(kind), "the Content-Type for {target}");
    }
    let answer = server.client().asks("GET", "/nothing.txt", "a file that is not there");
    equal!(answer.code, 404, "the code for a file that is not there");
}

fn t2_many_requests_on_a_connection() {
    const WHY: &str =
        "In HTTP/1.1 a connection stays until one side says Connection: close (RFC 9112, 9.3)";
    let server = Server::start();
    let mut client = server.client();
    for (method, target, code) in [
        ("GET", "/plain.txt", 200),
        ("HEAD", "/plain.txt", 200),
        ("GET", "/nothing", 404),
        ("HEAD", "/nothing", 404),
        ("POST", "/plain.txt", 405),
        ("DELETE", "/nothing", 405),
        ("GET", "/", 200),
    ] {
        let what = format!("{method} {target}, one of seven requests on a connection. {WHY}");
        let answer = client.asks(method, target, &what);
        equal!(
            answer.code,
            code,
            "the code for {what}. (The answer to HEAD has no body: with one, it would be this \
             answer's beginning)"
        );
        if method == "HEAD" {
            let get = client.asks("GET", target, "the same by GET");
            equal!(answer.fields, get.fields, "the fields for {what}: those that GET gets");
        }
        equal!(
            answer.field("Allow"),
            (code == 405).then_some("GET, HEAD"),
            "the field Allow for {what}: with 405 a client is told what would be allowed, and only \
             then"
        );
        equal!(answer.field("Connection"), None, "the field Connection for {what}");
        step!("{method} {target} was answered with {code}");
    }
    client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let what = "a request with Connection: close";
    let answer = client.hear("GET", what);
    client.ends_after(&answer, what);
    let mut old = server.client();
    old.say("GET / HTTP/1.0\r\n\r\n");
    let what = "a request of HTTP/1.0, in which a connection has one request";
    let answer = old.hear("GET", what);
    old.ends_after(&answer, what);
}

fn t3_together_and_in_pieces() {
    const WHY: &str = "What a read gives beyond a request is the beginning of the next one";
    let server = Server::start();
    let mut client = server.client();
    let (second, third) = (request("GET", "/"), request("HEAD", "/big.bin"));
    let (begins, goes_on) = third.split_at(20);
    client.say([&request("GET", "/plain.txt"), &second, begins].concat());
    for (which, body) in [("first", &b"plain.txt"[..]), ("second", INDEX.as_bytes())] {
        let what = format!("the {which} of two and a half requests that have come together. {WHY}");
        equal!(Shown(&client.hear("GET", &what).body), Shown(body), "the body for {what}");
    }
    assert!(!server.answers(&client.stream), "half a request was answered");
    let (middle, end) = goes_on.split_at(goes_on.len() - 1);
    client.say(middle);
    peer::until_read(&client.stream);
    client.say(end);
    let what = format!("the third one, whose last byte has come by itself. {WHY}");
    equal!(client.hear("HEAD", &what).code, 200, "the code for {what}");
    let last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    client.say([last, &request("GET", "/plain.txt").repeat(100)].concat());
    let what =
        "a request with Connection: close and a hundred more behind it, which are not answered";
    let answer = client.hear("GET", what);
    client.ends_after(&answer, what);
}

fn t4_a_body_belongs_to_its_request() {
    const WHY: &str = "Content-Length says how many bytes behind the head are its body, wanted or \
                       not. Who takes them for a request answers what nobody has asked, and what a \
                       stranger has hidden there";
    let server = Server::start();
    let mut client = server.client();
    let hidden = request("GET", "/plain.txt");
    for method in ["POST", "GET"] {
        let length = hidden.len();
        let form =
            format!("{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{hidden}");
        client.say(form);
        let answer = client.hear(method, "a form whose body looks like a request");
        equal!(
            answer.code,
            if method == "GET" { 200 } else { 405 },
            "the code for a form, by {method}"
        );
        client.gets("/", INDEX.as_bytes(), &format!("the request behind a body. {WHY}"));
    }
    client.say(format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY}\r\n\r\n"));
    client.say(vec![b'x'; BODY / 2]);
    peer::until_read(&client.stream);
    client.say([vec![b'x'; BODY / 2], request("GET", "/plain.txt").into()].concat());
    let what = "a form of exactly BODY bytes, in two parts";
    equal!(client.hear("POST", what).code, 405, "the code for {what}");
    let answer = client.hear("GET", "the request behind a body that came in two parts");
    equal!(Shown(&answer.body), Shown(b"plain.txt"), "its body. {WHY}");
}

fn t5_a_body_that_is_too_large() {
    let server = Server::start();
    for (length, sent) in
        [(format!("{}", BODY + 1), 0), ("1000000000000".into(), 50_000), ("9".repeat(30), 10)]
    {
        let mut client = server.client();
        client.say(format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"));
        client.say(vec![b'x'; sent]);
        step!("a client has announced a body of {length} bytes, and sent {sent} of them");
        let what = format!(
            "a body of {length} bytes, where {BODY} are allowed. That is known with the head: to \
             wait for it, or to read it, is what is to be spared"
        );
        let answer = client.hear("POST", &what);
        equal!(answer.code, 413, "the code for {what}");
        client.ends_after(&answer, &what);
    }
}

fn t6_names_to_be_decoded() {
    let server = Server::start();
    let mut client = server.client();
    for (name, target) in DECODED {
        client.gets(
            target,
            name,
            &format!(
                "the file of the name {:?}. %XX is a byte, decoded once, and a name is bytes \
                 (path_resolution(7)); a + is a + here. What is behind the ? is no part of it",
                Shown(name)
            ),
        );
    }
    for target in ["/%", "/plain.txt%", "/%7", "/%zz", "/%+9plain.txt", "/%-1", "/%7%30"] {
        let why = "a % has two hexadecimal digits behind it, and no sign (RFC 3986, 2.1)";
        client.is_refused(target, &[400], why);
    }
}

fn t7_ways_out() {
    let server = Server::start();
    let mut client = server.client();
    let absolute = fs::canonicalize("accounts.txt").unwrap();
    let absolute = absolute.to_str().unwrap();
    let coded = absolute.replace('/', "%2f");
    for target in [
        "/../accounts.txt",
        "/%2e%2e/accounts.txt",
        "/%2E%2e%2Faccounts.txt",
        "/.%2e/accounts.txt",
        "/sub/../../accounts.txt",
        "/sub/%2e%2e/%2e%2e/accounts.txt",
        "/sub%2f..%2f..%2faccounts.txt",
        "/../manuals-old/accounts.txt",
        "/%252e%252e/accounts.txt",
        "/.accounts.txt",
        "/%2eaccounts.txt",
        &format!("/{absolute}"),
        &format!("/{coded}"),
        "/sub//\u{7089}.txt".replace('\u{7089}', "%E7%82%89").as_str(),
        "/plain.txt%00.html",
        "/plain.txt/",
    ] {
        let answer = client.asks("GET", target, &format!("GET {target}, which is to be refused"));
        assert!(
            !String::from_utf8_lossy(&answer.body).contains(SECRET),
            "GET {target} has got the accounts, which are not for it. A name is decoded first and \
             looked at then, in each of its parts, since %2e is a dot, too; and Path::join throws \
             the folder away when what follows begins with '/'"
        );
        assert!(
            [400, 404].contains(&answer.code),
            "GET {target} has the answer {} and a body of {:?}, where it should have been 404: no \
             part of a name is empty, begins with a dot, or has a / or a NUL in it",
            answer.code,
            Shown(&answer.body)
        );
    }
    client.gets("/plain.txt", b"plain.txt", "a file, after many ways out were refused");
}

fn t8_what_is_no_file() {
    let server = Server::start();
    let mut client = server.client();
    for (target, why) in [
        ("/sub", "it is a directory: open(2) opens it, and a read says EISDIR"),
        ("/sub/empty", "it is a directory"),
        ("/fifo.txt", "it is a FIFO, and an open waits until somebody writes to it (fifo(7))"),
        ("/out.txt", "it is a link that leads out of the folder, and open(2) follows it"),
        (
            "/old/accounts.txt",
            "a part of it is a link that leads out, to a folder beside this one. (As text its path \
            begins as that of the folder does, as a path it does not)",
        ),
    ] {
        client.is_refused(target, &[404], why);
    }
    client.gets("/in.txt", b"sub/\xe7\x82\x89.txt", "a link that stays inside is followed");
}

fn t9_fifty_at_a_time() {
    const CLIENTS: usize = 50;
    let server = Server::start();
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| server.client()).collect();
    let (begins, goes_on) = ("GET /plain.txt HTTP/1.1\r\n", "Host: x\r\n\r\n");
    clients.iter().for_each(|client| client.say(begins));
    step!("{CLIENTS} clients have connected, and each has sent half of a request");
    for client in clients.iter_mut().rev() {
        client.say(goes_on);
        let what =
            "one of 50 clients, whose request is whole, while others are in the middle of theirs";
        equal!(client.hear("GET", what).code, 200, "the code for {what}");
    }
    for client in &mut clients {
        client.gets("/", INDEX.as_bytes(), "one of 50 clients, once more");
    }
    drop(clients);
    server.has_let_go("All clients have left");
    let server = Server::with(Settings { at_once: 2, patience: AN_HOUR });
    let mut inside = [server.client(), server.client()];
    for client in &mut inside {
        client.gets("/plain.txt", b"plain.txt", "one of two clients, of two at once");
    }
    let mut more = server.client();
    more.ask("GET", "/plain.txt");
    assert!(
        !server.answers(&more.stream),
        "three clients are served at the same time, and at_once is 2: who opens connections and \
         says nothing makes you start threads until there are none left"
    );
    drop(inside);
    equal!(more.hear("GET", "the third of two, when the others have left").code, 200, "its code");
}

fn t10_who_says_nothing_and_who_leaves() {
    let server = Server::with(Settings { at_once: 1, patience: Duration::from_millis(50) });
    for part in ["", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"] {
        let mut client = server.client();
        client.say(part);
        step!("a client has sent {part:?} and says nothing more");
        client.is_ended(
            "A client has said nothing for longer than `patience`, and keeps its place. It may \
             have gone out of reach, which nobody tells you (SO_RCVTIMEO, socket(7))",
        );
    }
    let mut client = server.client();
    client.gets("/", INDEX.as_bytes(), "a client that asks and then says nothing");
    client.is_ended("It has said nothing for longer than `patience`, between two requests");
    drop(client);
    let server = Server::with(Settings { at_once: 2, patience: AN_HOUR });
    for _ in 0..4 {
        for part in ["GET / HT", "GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let client = server.client();
            client.say(part);
            peer::reset(client.stream).unwrap();
        }
        let what = "a page, after others have broken off with a RST (ECONNRESET)";
        server.client().gets("/", INDEX.as_bytes(), what);
    }
    for (bad, code) in [
        (b"GET /\r\n\r\n".to_vec(), 400),
        (b"\xff\xfe\r\n\r\n".to_vec(), 400),
        ([b"GET / HTTP/1.1\r\nX: ".to_vec(), vec![b'x'; 30_000]].concat(), 431),
    ] {
        let mut client = server.client();
        client.say(bad);
        let what = format!("what head() refuses with {code}");
        let answer = client.hear("GET", &what);
        equal!(answer.code, code, "the code for {what}");
        client.ends_after(&answer, &what);
    }
}

fn t11_curl() {
    let server = Server::start();
    let url = |path: &str| format!("http://{}{path}", server.address);
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--noproxy", "*", "--max-time", "5", "--path-as-is"]);
    curl.args(["--write-out", "%{http_code} %{num_connects}\n"]);
    for path in ["/plain.txt", "/a%20b.txt", "/nothing.txt"] {
        curl.args(["--output", "/dev/null", &url(path)]);
    }
    let Ok(output) = curl.output() else { testkit::skip!("there is no curl here") };
    equal!(
        String::from_utf8_lossy(&output.stdout),
        "200 1\n200 0\n404 0\n",
        "what curl gets for three addresses: the code, and how many connections it has made for it"
    );
}
