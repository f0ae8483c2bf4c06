//! Bytes in, a request out. What a server would have read so far is a slice here, so each cut and
//! each limit is tried at every byte.

mod said;

use http_request_parse::{BODY, HEAD, LINE, Refused};
use said::{accepted, ask, bytes, fields, fields_of, good, outcome, refused, shown};
use testkit::{equal, step};

testkit::exercise! {
    t1_the_parts_of_a_request,
    t2_a_method_is_a_word,
    t3_a_head_that_is_not_whole,
    t4_names_in_whatever_case,
    t5_a_body_is_bytes,
    t6_fields_that_come_twice,
    t7_what_is_no_request,
    t8_where_the_body_ends,
    t9_the_limits,
    t10_nothing_makes_it_panic,
}

const GET: &[u8] = b"GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nAccept:\t */* \r\n\r\n";

fn t1_the_parts_of_a_request() {
    let (request, used) = good(GET);
    equal!(
        (&*request.method, &*request.target, &*request.version),
        ("GET", "/a?b=c", "HTTP/1.1"),
        "the three words of the request line, which ends with \\r\\n: two bytes, and neither of \
         them is part of a word"
    );
    equal!(
        fields(&request),
        fields_of(&[("Host", b"example.org"), ("Accept", b"*/*")]),
        "the fields: a name, a colon, a value without the blanks and tabulators around it. The \
         line ends with \\r\\n: two bytes, and neither of them is part of the value"
    );
    equal!(bytes(&request.body), bytes(b""), "the body of a request without Content-Length");
    equal!(used, GET.len(), "the number of bytes that this request takes up");
    let (request, _) =
        good(b"GET http://[::1]:80/ HTTP/1.0\r\nReferer: http://a/b:c\r\nX:\r\n\r\n");
    equal!(
        fields(&request),
        fields_of(&[("Referer", b"http://a/b:c"), ("X", b"")]),
        "the fields of a request: the first colon of a line ends the name, others belong to the \
         value, which may be empty. HTTP/1.0 did without Host"
    );
}

fn t2_a_method_is_a_word() {
    let eight = ["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "TRACE", "OPTIONS"];
    for method in eight.into_iter().chain(["PATCH", "get", "M-SEARCH"]) {
        let (request, _) = accepted(
            format!("{method} * HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes(),
            "Any token may be a method; which of them a site knows is not the parser's affair",
        );
        equal!(
            request.method,
            method,
            "the method, as it was sent: its case counts, get is not GET (RFC 9110, 9.1)"
        );
    }
}

fn t3_a_head_that_is_not_whole() {
    for at in 1..GET.len() {
        match ask(&GET[..at]) {
            Ok(None) => {}
            Ok(Some((request, _))) => panic!(
                "of {:?}, {at} bytes have come, without the empty line that ends a head, and \
                 parse() made a request of them: {}. The next field could be on its way, or the \
                 other half of this one",
                bytes(GET),
                shown(&request)
            ),
            Err(refused) => panic!(
                "a client has sent {:?} so far, and parse() refused it: {refused:?}. TCP hands \
                 over what has arrived. {at} bytes of {} are not wrong, they are not all",
                bytes(&GET[..at]),
                GET.len()
            ),
        }
    }
}

fn t4_names_in_whatever_case() {
    let (request, _) = accepted(
        b"POST / HTTP/1.1\r\nhOST: x\r\nCONTENT-length: 2\r\nX-Id: 7\r\n\r\nok",
        "The names of its fields are the same in whatever case (RFC 9110, 5.1), also for you",
    );
    for name in ["host", "Host", "HOST"] {
        equal!(
            request.field(name).map(bytes),
            Some(bytes(b"x")),
            "field({name:?}) of a request that has hOST: x. Names are the same in whatever case \
             (RFC 9110, 5.1)"
        );
    }
    equal!(
        bytes(&request.body),
        bytes(b"ok"),
        "the body of a request that has CONTENT-length: 2. Your own look-ups are look-ups, too"
    );
    equal!(request.fields[2].0, "X-Id", "a name, as it was sent");
    equal!(request.field("x").map(bytes), None, "field(\"x\") where there is none");
}

fn t5_a_body_is_bytes() {
    let all: Vec<u8> = (0..=255).chain(*b"\r\n\r\nGET / HTTP/1.1\r\n").collect();
    let head = format!("PUT /photo HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", all.len());
    let whole = [head.as_bytes(), &all].concat();
    let why = "Only its head is text. A body is bytes: NUL, half a character, a photo";
    let (request, used) = accepted(&whole, why);
    equal!(
        bytes(&request.body),
        bytes(&all),
        "the body, in which every byte occurs, also NUL and 255. It is what Content-Length counts: \
         bytes, no text, no lines"
    );
    equal!(used, whole.len(), "the number of bytes that this request takes up, with its body");

    for missing in [all.len(), 1] {
        step!("the head has come, and {} bytes of the body", all.len() - missing);
        let result = ask(&whole[..whole.len() - missing]);
        assert!(
            matches!(result, Ok(None)),
            "{missing} bytes of the body had not come yet, and parse() said {}. A request is whole \
             with the last byte of its body",
            outcome(&result)
        );
    }

    let two = [&whole[..], GET, b"\xff"].concat();
    let (first, used) = good(&two);
    equal!(
        used,
        whole.len(),
        "the number of bytes that a request takes up which has the next one right behind it, in \
         the same read. What is behind the body belongs to that one"
    );
    equal!(bytes(&first.body), bytes(&all), "the body of the first of two requests");
    let (second, used) = good(&two[used..]);
    equal!((&*second.target, used), ("/a?b=c", GET.len()), "the second request");
    let body = vec![b'.'; HEAD + 1];
    let head = format!("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.len());
    let why = "Its head is short, and HEAD says nothing about the body";
    let (request, _) = accepted(&[head.as_bytes(), &body].concat(), why);
    equal!(request.body.len(), body.len(), "the length of a body that is longer than HEAD");
}

fn t6_fields_that_come_twice() {
    let twice = b"GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\nVia: 1\r\naccept: \xe4\r\n\r\n";
    let (request, _) = good(twice);
    equal!(
        fields(&request),
        fields_of(&[("Host", b"x"), ("Accept", b"a"), ("Via", b"1"), ("accept", b"\xe4")]),
        "the fields, of which one has come twice: both are there, in their order (RFC 9110, 5.3), \
         as bytes"
    );
    equal!(
        request.field("accept").map(bytes),
        Some(bytes(b"a")),
        "field(\"accept\"), the first one"
    );
    refused(
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        Refused::BadRequest,
        "two Host: a proxy may believe one of them, and you the other (RFC 9112, 3.2)",
    );
}

fn t7_what_is_no_request() {
    for (request, why) in [
        ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", "a line of the head without a colon"),
        ("GET / HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n", "a field without a name"),
        (
            "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
            "a blank in front of a colon: not to be taken off, since others do not (RFC 9112, 5.1)",
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nX(Y: z\r\n\r\n",
            "a name that is no token (RFC 9110, 5.6.2)",
        ),
        (
            "GET / HTTP/1.1\r\n\r\n",
            "HTTP/1.1 without Host: an address has many sites; this says which (RFC 9112, 3.2)",
        ),
        ("GET / HTTP/1.1\r\nX-Host: x\r\n\r\n", "HTTP/1.1 without Host; X-Host is another field"),
        ("GET /\r\nHost: x\r\n\r\n", "a request line of two words: the version is missing"),
        ("GET / HTTP/1.1 x\r\nHost: x\r\n\r\n", "a request line of four words"),
        ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "two blanks, hence an empty word between them"),
        ("GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", "a tabulator where a blank belongs"),
        (" GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a blank in front of the method"),
        ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", "a method that is no token"),
        (
            "GET /\u{4f60} HTTP/1.1\r\nHost: x\r\n\r\n",
            "a target with bytes that are not ASCII: they are sent as %E4…",
        ),
        ("GET / http/1.1\r\nHost: x\r\n\r\n", "a version in small letters: its case counts"),
        ("GET / HTTP/1\r\nHost: x\r\n\r\n", "a version of one digit"),
        (
            "GET / HTTP/1.1\nHost: x\r\n\r\n",
            "a line that ends with \\n alone: who wants \\r\\n sees one line where you see two",
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
            "a \\n alone in a value, hence a second field to some programs",
        ),
        ("GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", "a \\r alone in a value (RFC 9112, 2.2)"),
        (
            "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n",
            "a NUL in a value: a program in C sees its end there",
        ),
    ] {
        refused(request.as_bytes(), Refused::BadRequest, why);
    }
    for folded in ["\r\n folded", "\r\n\tfolded", "\r\n Transfer-Encoding: chunked"] {
        refused(
            format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: one{folded}\r\n\r\n").as_bytes(),
            Refused::BadRequest,
            "a line that begins with a blank goes on with the one before, as mail does it. Some \
             programs join the two, some see a field of its own: a server refuses (RFC 9112, 5.2)",
        );
    }
    let bare = b"GET / HTTP/1.1\nHost: x\n\n";
    if let Ok(Some((request, _))) = ask(bare) {
        panic!(
            "parse() made a request of {:?}: {}. Its lines end with \\n alone, and a program that \
             wants \\r\\n, as HTTP does, sees no end of a head there",
            bytes(bare),
            shown(&request)
        );
    }
    for version in ["HTTP/2.0", "HTTP/0.9", "HTTP/1.2"] {
        refused(
            format!("GET / {version}\r\nHost: x\r\n\r\n").as_bytes(),
            Refused::VersionNotSupported,
            "a version, and not one of the two that are spoken here",
        );
    }
}

fn t8_where_the_body_ends() {
    for length in ["+5", "-5", "5x", "0x5", "5, 5", "", "5 5", "\u{ff15}"] {
        refused(
            format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nhello")
                .as_bytes(),
            Refused::BadRequest,
            "a Content-Length is digits and nothing else. (\"+5\".parse::<usize>() is Ok(5).) What \
             two programs read differently lets one request hide in the body of another",
        );
    }
    refused(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\ncontent-length: 0\r\n\r\nhello",
        Refused::BadRequest,
        "two Content-Length that differ. Whichever you take, the program in front may have taken \
         the other one; then the rest of this body is the next request to one of you (RFC 9112, \
         6.3, request smuggling)",
    );
    for more in ["", "Content-Length: 5\r\n"] {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
        refused(
            format!("{head}{more}\r\n5\r\nhello\r\n0\r\n\r\n").as_bytes(),
            Refused::NotImplemented,
            "a Transfer-Encoding says where the body ends, and overrides Content-Length \
             (RFC 9112, 6.3). Who does not know it does not know where the next request begins",
        );
    }
    let (request, _) = good(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0005\r\n\r\nhello");
    equal!(bytes(&request.body), bytes(b"hello"), "a body of 0005 bytes: these are digits, too");
}

fn t9_the_limits() {
    let line = |length: usize| format!("GET /{} HTTP/1.1", "a".repeat(length - 14));
    let (request, _) = good(format!("{}\r\nHost: x\r\n\r\n", line(LINE)).as_bytes());
    equal!(request.target.len(), LINE - 13, "the target of a line of exactly LINE bytes");
    let too_long = format!("{}\r\nHost: x\r\n\r\n", line(LINE + 1));
    refused(too_long.as_bytes(), Refused::UriTooLong, "its request line has LINE + 1 bytes");
    refused(
        &too_long.as_bytes()[..LINE + 1],
        Refused::UriTooLong,
        "LINE + 1 bytes have come, and no end of the line. It cannot become shorter: who waits for \
         the end of it keeps whatever a stranger sends",
    );

    let head = |length: usize| {
        let start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
        format!("{start}{}\r\n\r\n", "a".repeat(length - start.len() - 4))
    };
    let (_, used) = good(head(HEAD).as_bytes());
    equal!(used, HEAD, "the bytes of a request whose head has exactly HEAD bytes");
    refused(head(HEAD + 1).as_bytes(), Refused::FieldsTooLarge, "its head has HEAD + 1 bytes");
    refused(
        &head(HEAD + 100).as_bytes()[..HEAD + 1],
        Refused::FieldsTooLarge,
        "HEAD + 1 bytes have come, and no end of the head. It cannot become shorter: who waits for \
         the end of it keeps whatever a stranger sends",
    );

    let post = |length: &str| {
        format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n").into_bytes()
    };
    let most = [post(&BODY.to_string()), vec![0; BODY]].concat();
    equal!(good(&most).0.body.len(), BODY, "the length of a body of exactly BODY bytes");
    for length in [(BODY + 1).to_string(), u64::MAX.to_string()] {
        refused(
            &post(&length),
            Refused::ContentTooLarge,
            "its body would be longer than BODY. That is known with the head, and is said before \
             the body is sent, or kept",
        );
    }
    let huge = post(&"9".repeat(40));
    let result = ask(&huge);
    assert!(
        matches!(result, Err(Refused::ContentTooLarge | Refused::BadRequest)),
        "a Content-Length of 40 digits, which fits into no number of yours: parse() said {}",
        outcome(&result)
    );
}

fn t10_nothing_makes_it_panic() {
    let request = b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nX: y\r\n\r\nabc";
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
