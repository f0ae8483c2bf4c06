//! A response in, bytes out. The connection is a list of bytes that takes what it is told to take,
//! and a screen reads them as a client does that keeps its connection.

mod screen;

use http_response_write::Response;
use screen::{Connection, attempt, read, refused, response, shown, written};
use testkit::{equal, step};

testkit::exercise! {
    t1_every_byte,
    t2_a_length_in_bytes,
    t3_head_has_no_body,
    t4_two_codes_without_a_body,
    t5_a_code_without_a_text,
    t6_where_the_body_ends,
    t7_fields_that_are_more_than_one,
    t8_a_connection_that_takes_little,
    t9_many_on_one_connection,
}

const PLAIN: (&str, &str) = ("Content-Type", "text/plain; charset=utf-8");

fn t1_every_byte() {
    let bytes = written(&response(200, &[PLAIN, ("Vary", "Accept")], "hall 3"), "GET");
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        assert!(
            at > 0 && bytes[at - 1] == b'\r',
            "a line of {:?} ends with \\n alone. It is \\r\\n in HTTP, in every line, also the \
             empty one (RFC 9112, 2.2): a client may look for these four bytes \\r\\n\\r\\n, and \
             never find the end of this head",
            shown(&bytes)
        );
    }
    equal!(
        shown(&bytes),
        shown(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nVary: Accept\r\n\
              Content-Length: 6\r\n\r\nhall 3"
        ),
        "a response: status line, fields in their order, Content-Length, empty line, body"
    );
    let bytes = written(&response(404, &[], ""), "GET");
    equal!(
        shown(&bytes),
        shown(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        "a response without fields and with an empty body. That it is empty has to be told, too: \
         without a length a client reads until the connection ends (RFC 9112, 6.3)"
    );
}

fn t2_a_length_in_bytes() {
    let picture: Vec<u8> = (0..=255).cycle().take(3000).collect();
    for (what, body) in [
        ("\u{4f60}\u{597d}, museum", "\u{4f60}\u{597d}, museum".as_bytes()),
        ("a picture, with every byte in it,", &picture),
    ] {
        let bytes = written(&response(200, &[PLAIN], body), "GET");
        let told = value(&bytes, "Content-Length");
        equal!(
            told,
            Some(body.len().to_string()),
            "the Content-Length of {what}: bytes are counted. A character has up to four of them \
             in UTF-8, so whoever counts characters tells a client to stop before the end"
        );
        assert!(
            bytes.ends_with(body),
            "the body of {what} does not go out as it is: {:?}. It is bytes, and maybe no text",
            shown(&bytes)
        );
    }
}

/// Of a field in the head.
fn value(bytes: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let of = |line: &str| line.strip_prefix(name)?.strip_prefix(": ").map(String::from);
    head.split("\r\n").find_map(of)
}

fn t3_head_has_no_body() {
    for (status, body) in [(200, "twelve bytes"), (404, "none"), (200, "")] {
        let answer = response(status, &[PLAIN], body);
        let whole = written(&answer, "GET");
        let head = written(&answer, "HEAD");
        if !body.is_empty() {
            assert!(
                !head.ends_with(body.as_bytes()),
                "the answer to HEAD has a body: {:?}. No client looks for one there (RFC 9110, \
                 9.3.2); it takes these bytes for the beginning of the next response",
                shown(&head)
            );
        }
        equal!(
            shown(&head),
            shown(&whole[..whole.len() - body.len()]),
            "the answer to HEAD: the head of the answer to GET, with the length that the body \
             would have, and nothing behind it"
        );
    }
    let body = written(&response(200, &[], "x"), "head");
    assert!(
        body.ends_with(b"x"),
        "the method is \"head\", and the body is missing. The case of a method counts (RFC 9110, \
         9.1)"
    );
}

fn t4_two_codes_without_a_body() {
    for (status, line) in [(204, "204 No Content"), (304, "304 Not Modified")] {
        let tag = [("ETag", "\"7\"")];
        let wanted = format!("HTTP/1.1 {line}\r\nETag: \"7\"\r\n\r\n");
        for (method, body) in [("GET", "the page"), ("GET", ""), ("HEAD", "the page")] {
            let bytes = written(&response(status, &tag, body), method);
            assert!(
                body.is_empty() || !bytes.ends_with(body.as_bytes()),
                "a body goes out with {status}: {:?}. To this code there is none (RFC 9112, 6.3): \
                 a client takes these bytes for the beginning of the next response",
                shown(&bytes)
            );
            assert!(
                value(&bytes, "Content-Length").is_none(),
                "{status} has a Content-Length: {:?}. In 204 it is not allowed, in 304 it would be \
                 that of another response (RFC 9110, 8.6). Some clients wait for as many bytes, \
                 which never come",
                shown(&bytes)
            );
            equal!(shown(&bytes), shown(wanted.as_bytes()), "the answer {status} to {method}");
        }
    }
}

fn t5_a_code_without_a_text() {
    let bytes = written(&response(299, &[], "x"), "GET");
    equal!(
        shown(&bytes),
        shown(b"HTTP/1.1 299 \r\nContent-Length: 1\r\n\r\nx"),
        "a code that has no text. The blank behind the code belongs to the line, with a text or \
         without (RFC 9112, 4): a client cuts there"
    );
    let why = "A response has a code of three digits. 1xx is no answer, only news of one: a client \
               goes on waiting for the real one (RFC 9110, 15.2)";
    for status in [0, 99, 100, 199, 600, 1000, u16::MAX] {
        refused(&response(status, &[], "x"), why);
    }
    for status in [200, 599] {
        written(&response(status, &[], "x"), "GET");
    }
}

fn t6_where_the_body_ends() {
    for (name, value) in [
        ("Content-Length", "12"),
        ("content-length", "1"),
        ("CONTENT-LENGTH", "1"),
        ("Transfer-Encoding", "chunked"),
        ("transfer-encoding", "chunked"),
    ] {
        refused(
            &response(200, &[PLAIN, (name, value)], "x"),
            "Where the body ends, write() says. With a second opinion in the head, two clients may \
             find two ends, and what lies between them is a response to one of them (RFC 9112, \
             6.3). Names are the same in whatever case",
        );
    }
    let bytes = written(&response(200, &[("X-Content-Length", "12")], "x"), "GET");
    equal!(value(&bytes, "X-Content-Length"), Some("12".into()), "X-Content-Length, another field");
}

fn t7_fields_that_are_more_than_one() {
    for value in [
        "/guests/\r\nSet-Cookie: admin=1",
        "/guests/\r\n\r\n<script>",
        "/guests/\nSet-Cookie: admin=1",
        "/guests/\rSet-Cookie: admin=1",
        "/guests/\0",
        "/guests/\x7f",
    ] {
        refused(
            &response(301, &[("Location", value)], ""),
            "The value comes from a visitor, and what stands behind the end of a line is a field, \
             or a body, of the visitor's own (response splitting). Some clients end a line at \\n \
             or at \\r alone, and programs in C end a text at NUL (RFC 9110, 5.5)",
        );
    }
    for name in ["", "Lo cation", "Location:", "Location ", "X\r\nSet-Cookie", "\u{4f60}", "(x)"] {
        refused(
            &response(200, &[PLAIN, (name, "x")], ""),
            "A name is a token (RFC 9110, 5.6.2): what is in it that is no part of one ends it for \
             some clients, and not for others",
        );
    }
    let fields = [("!#$%&'*+-.^_`|~09azAZ", "\u{4f60}\u{597d}\t: x, \"y\""), ("X-Empty", "")];
    let bytes = written(&response(200, &fields, ""), "GET");
    for (name, wanted) in fields {
        equal!(
            value(&bytes, name).as_deref(),
            Some(wanted),
            "a field that is allowed, as it was given. A value may contain a tabulator, colons and \
             what is not ASCII, and may be empty"
        );
    }
}

fn t8_a_connection_that_takes_little() {
    let answer = response(200, &[PLAIN], "twelve bytes");
    let whole = written(&answer, "GET");
    let mut connection = Connection::new();
    let _ = attempt(&answer, "GET", &mut connection);
    equal!(
        connection.writes,
        1,
        "the writes for a response that the connection takes at once. TCP holds a second small \
         write back until the other side has acknowledged the first (Nagle), and that side may \
         wait 40 ms with its acknowledgement"
    );
    for most in [1, 3, 50] {
        let mut connection = Connection::that_takes(most);
        let result = attempt(&answer, "GET", &mut connection);
        assert!(
            result.is_ok(),
            "a signal has interrupted a write, and the response is given up: {result:?}. Nothing \
             was written by that call; make it again"
        );
        equal!(
            shown(&connection.bytes),
            shown(&whole),
            "what is on a connection that takes at most {most} bytes at once. write(2) says how \
             many it has taken, and the rest is yours to write"
        );
    }
    for after in [0, 20, whole.len() - 1] {
        let mut connection = Connection::that_breaks_after(after);
        let result = attempt(&answer, "GET", &mut connection);
        step!("a connection breaks when {after} of {} bytes are written", whole.len());
        assert!(
            result.is_err(),
            "the connection has broken (EPIPE) after {after} of {} bytes, and write() says \
             {result:?}. Who has called it goes on as if the client had got its answer",
            whole.len()
        );
    }
}

fn t9_many_on_one_connection() {
    let page = response(200, &[PLAIN], "\u{535a}\u{7269}\u{9986}\r\n\r\nHTTP/1.1 200 OK\r\n");
    let picture = response(200, &[("Content-Type", "image/png")], vec![0xff; 70_000]);
    let (gone, same) = (response(204, &[], "x"), response(304, &[], "y"));
    let asked: [(&str, &Response); 9] = [
        ("GET", &page),
        ("HEAD", &page),
        ("GET", &picture),
        ("GET", &same),
        ("HEAD", &same),
        ("DELETE", &gone),
        ("HEAD", &picture),
        ("POST", &page),
        ("GET", &page),
    ];
    let mut connection = Connection::that_takes(40_000);
    for (method, answer) in asked {
        attempt(answer, method, &mut connection).unwrap();
    }
    let mut rest = connection.bytes.as_slice();
    for (method, answer) in asked {
        let (code, beginning) = (answer.status, shown(&rest[..rest.len().min(60)]));
        let (got, used) = read(rest, method).unwrap_or_else(|why| {
            panic!("a screen cannot read the {code} to its {method} at {beginning:?}: {why}")
        });
        equal!(got.code, code, "the code of the answer to {method}, at {beginning:?}");
        let fields = got.fields.iter().filter(|(name, _)| name != "Content-Length");
        equal!(fields.count(), answer.fields.len(), "the fields of the {code} to {method}");
        let has_body = method != "HEAD" && code == 200;
        let wanted = if has_body { answer.body.as_slice() } else { &[] };
        equal!(shown(&got.body), shown(wanted), "the body of the {code} to {method}");
        step!("a screen has read the {code} to its {method}, of {used} bytes");
        rest = &rest[used..];
    }
    equal!(shown(rest), shown(b""), "what is left on the connection when all responses are read");
}
