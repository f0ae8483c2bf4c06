//! From targets to names: cut first, decode afterwards, and nothing leaves the folder.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use capstone_http::message::{Limits, Parsed, Refusal, parse, uri};
use fastrand::Rng;

/// The name that a path means, and whether it is a folder's.
fn clean(path: &str) -> Result<(String, bool), Refusal> {
    let mut room = b"left over".to_vec();
    let path = uri::clean(path.as_bytes(), &mut room)?;
    Ok((String::from_utf8_lossy(path.name).into_owned(), path.folder))
}

/// A segment as a client might write it: letters as they are or encoded, everything else encoded.
fn percent(bytes: &[u8], random: &mut Rng) -> String {
    let mut encode = |byte: &u8| match random.u8(0..3) {
        0 if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
        1 => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(&mut encode).collect::<Vec<_>>().concat()
}

#[test]
fn paths() {
    let good = [
        ("/", "", true),
        ("", "", true),
        ("/a", "a", false),
        ("/a/", "a", true),
        ("/a/b", "a/b", false),
        ("/./a", "a", false),
        ("/a/.", "a", true),
        ("/a/./", "a", true),
        ("//a///b", "a/b", false),
        ("/%61%2e%62", "a.b", false),
        ("/%2E", "", true),
        ("/a%20b", "a b", false),
        ("/a+b", "a+b", false),
        ("/%E4%BD%A0", "你", false),
        ("/...", "...", false),
        ("/..a", "..a", false),
        ("/.a", ".a", false),
        ("/%252e%252e", "%2e%2e", false),
        ("/a%3Fb", "a?b", false),
        ("/%5c..", "\\..", false),
    ];
    for (path, name, folder) in good {
        assert_eq!(clean(path), Ok((name.to_owned(), folder)), "{path}");
    }
    let bad = [
        "/..", "/../", "/a/../b", "/%2e.", "/.%2E/a", "/%2e%2e/", "/a%2Fb", "/%2f", "/..%2f",
        "/a%00", "/%00", "/%", "/%a", "/%zz", "/%+1", "/% 1", "/a%2", "/%0", "/%u0041", "/..//",
        "/a/..",
    ];
    for path in bad {
        assert_eq!(clean(path).map_err(|refusal| refusal.status.code()), Err(400), "{path}");
    }
}

/// Any names, spelled in any way, with anything that means nothing in between.
#[test]
fn any_path_means_its_names() {
    let mut random = Rng::with_seed(10);
    for _ in 0..5000 {
        let (mut path, mut names) = (String::new(), Vec::new());
        for _ in 0..random.usize(..6) {
            path.push('/');
            match random.u8(0..6) {
                0 => {}
                1 => path.push_str(random.choice([".", "%2e", "%2E"]).unwrap()),
                _ => {
                    let mut name: Vec<u8> =
                        (0..random.usize(1..6)).map(|_| random.u8(1..)).collect();
                    name.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'x');
                    if name == b"." || name == b".." {
                        name.push(b'x');
                    }
                    path.push_str(&percent(&name, &mut random));
                    names.push(name);
                }
            }
        }
        let expected = names.join(&b'/');
        let mut room = Vec::new();
        let found = uri::clean(path.as_bytes(), &mut room).unwrap();
        assert_eq!(found.name, expected, "{path}");
        let mut again = Vec::new();
        uri::encode_path(&expected, &mut again);
        assert!(again.iter().all(u8::is_ascii_graphic), "{}", again.escape_ascii());
        assert!(again.starts_with(b"/") && !again.starts_with(b"//"));
        let mut room = Vec::new();
        assert_eq!(uri::clean(&again, &mut room).unwrap().name, expected);
    }
}

/// `..` anywhere, in any spelling, is refused; so is what would cut a name in two behind our back.
#[test]
fn no_path_leads_up() {
    let mut random = Rng::with_seed(11);
    for _ in 0..5000 {
        let up = random.choice([&b".."[..], b"\0", b"/", b"a/b", b"a\0"]).unwrap();
        let mut segments = vec!["a".to_owned(), "%2E".to_owned(), String::new()];
        random.shuffle(&mut segments);
        let spelled = match up {
            b".." if random.bool() => "..".to_owned(),
            other => percent(other, &mut random),
        };
        segments.insert(random.usize(..=segments.len()), spelled);
        let path = format!("/{}", segments.join("/"));
        assert_eq!(clean(&path).map_err(|refusal| refusal.status.code()), Err(400), "{path}");
    }
}

/// An encoded question mark is part of a name, an encoded percent is a percent.
#[test]
fn the_query_is_cut_off_before_anything_is_decoded() {
    for (target, path, query) in [
        ("/a?b", "/a", Some("b")),
        ("/a%3Fb?c?d", "/a%3Fb", Some("c?d")),
        ("/a?", "/a", Some("")),
        ("/?/../x", "/", Some("/../x")),
        ("http://h", "/", None),
        ("http://h?q", "/", Some("q")),
        ("http://h/a?q", "/a", Some("q")),
        ("/a", "/a", None),
    ] {
        let bytes = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        let Ok(Parsed::Done { head, .. }) = parse(bytes.as_bytes(), &Limits::default()) else {
            panic!()
        };
        assert_eq!(head.target.path(), Some(path.as_bytes()), "{target}");
        assert_eq!(head.target.query(), query.map(str::as_bytes), "{target}");
    }
}
