//! The page that shows a folder.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::time::{Duration, UNIX_EPOCH};

use capstone_http::files::listing::{Order, Row, page};
use capstone_http::files::{FRESH, Options};

use crate::scene::Scene;

/// The links of a page, in order, without those of the head of its table.
fn links(page: &str) -> Vec<&str> {
    let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    links.filter(|link| !link.starts_with('?')).collect()
}

#[test]
fn it_shows_what_can_be_had() {
    let files = [("b/x", ""), ("a.txt", "12345"), (".hidden", ""), ("c.txt", "1")];
    let mut scene = Scene::new(&files);
    symlink("/etc/passwd", scene.path("out")).unwrap();
    symlink("nowhere", scene.path("nothing")).unwrap();
    symlink("a.txt", scene.path("link")).unwrap();
    nix::unistd::mkfifo(&scene.path("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let reply = scene.get("/", "");
    assert_eq!(
        (reply.status, reply.field("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let page = reply.text();
    assert_eq!(links(page), ["b/", "a.txt", "c.txt", "link"]);
    assert!(
        page.contains("<td class=\"n\">5</td><td>Sun, 06 Nov 1994 08:49:37 GMT</td>"),
        "{page}"
    );
    assert_eq!(links(scene.get("/b/", "").text()), ["../", "x"]);
    let head = scene.ask("HEAD", "/", "");
    assert_eq!((head.fields, head.body), (reply.fields, vec![]));
    assert_eq!(scene.get("/.hidden/", "").status, 404);
}

#[test]
fn it_can_be_forbidden() {
    let options = Options { listing: false, ..Options::default() };
    let mut scene = Scene::with(&[("a/x", "")], options);
    assert_eq!((scene.get("/", "").status, scene.get("/a/", "").status), (404, 404));
    assert_eq!(scene.get("/a/x", "").status, 200);
}

#[test]
fn it_is_sorted_as_the_query_says() {
    let mut scene = Scene::new(&[("b", "22"), ("c", "1"), ("a", "333"), ("d", "1"), ("z/x", "")]);
    for (name, seconds) in [("a", 2), ("b", 3), ("c", 1), ("d", 3)] {
        let file = fs::File::options().write(true).open(scene.path(name)).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    }
    for (query, expected) in [
        ("", ["z/", "a", "b", "c", "d"]),
        ("?sort=name", ["z/", "a", "b", "c", "d"]),
        ("?sort=name&order=desc", ["z/", "d", "c", "b", "a"]),
        ("?order=desc", ["z/", "d", "c", "b", "a"]),
        ("?sort=size", ["z/", "c", "d", "b", "a"]),
        ("?sort=size&order=desc", ["z/", "a", "b", "c", "d"]),
        ("?sort=time&order=asc", ["z/", "c", "a", "b", "d"]),
        ("?order=desc&sort=time", ["z/", "b", "d", "a", "c"]),
        ("?sort=size&sort=name", ["z/", "a", "b", "c", "d"]),
        ("?sort=script&order", ["z/", "a", "b", "c", "d"]),
    ] {
        let reply = scene.get(&format!("/{query}"), "");
        assert_eq!(links(reply.text()), expected, "{query}");
        assert!(!reply.text().contains("script"), "{query}");
    }
}

/// Every name is one link that leads back to it, and text that is no mark-up.
#[test]
fn every_name_leads_to_its_file() {
    let names: &[&[u8]] = &[
        b"<b>&'\".txt",
        b"javascript:alert(1)",
        b"a b+c%20?#;=",
        "gr\u{fc}n \u{8bfe}".as_bytes(),
        b"\xff\xfe.txt",
        b"new\nline",
        "\u{202e}txt.exe".as_bytes(),
        b"-",
        b"\\",
    ];
    let mut scene = Scene::new(&[]);
    for name in names {
        fs::write(scene.path("").join(OsStr::from_bytes(name)), name).unwrap();
    }
    let reply = scene.get("/", "");
    let links = links(reply.text());
    assert_eq!(links.len(), names.len());
    let mut found: Vec<_> = links.iter().map(|l| scene.get(&format!("/{l}"), "").body).collect();
    let mut expected = names.to_vec();
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
    for link in links {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
        assert!(link.bytes().all(safe), "{link}");
    }
    for (text, there) in [
        ("&lt;b&gt;&amp;&#39;&quot;.txt", true),
        ("gr\u{fc}n \u{8bfe}", true),
        ("\u{fffd}\u{fffd}.txt", true),
        ("<b>", false),
        ("\u{202e}", false),
        ("new\nline", false),
    ] {
        assert_eq!(reply.text().contains(text), there, "{text:?}");
    }
    assert!(reply.field("content-security-policy").unwrap().contains("default-src 'none'"));
}

#[test]
fn a_folder_is_titled_by_its_escaped_name() {
    let mut scene = Scene::new(&[("<i>/x", "")]);
    let reply = scene.get("/%3Ci%3E/", "");
    assert!(reply.text().contains("<h1>/&lt;i&gt;</h1>"), "{}", reply.text());
}

#[test]
fn what_is_left_out_is_said() {
    let row = Row { name: b"a".to_vec(), folder: false, size: 1, modified: UNIX_EPOCH };
    let all = page(b"", vec![row.clone()], Order::default(), 0);
    assert!(!String::from_utf8(all).unwrap().contains("not shown"));
    let some = page(b"", vec![row], Order::default(), 7);
    assert!(String::from_utf8(some).unwrap().contains("7 more are not shown"));
}

#[test]
fn a_listing_is_kept_for_a_second_in_each_order() {
    let mut scene = Scene::new(&[("d/a", "1"), ("d/b", "22")]);
    let first = scene.get("/d/", "");
    scene.write("d/c", "333");
    assert_eq!(scene.get("/d/?", "").body, first.body);
    assert_eq!(links(scene.get("/d/?order=desc", "").text()), ["../", "c", "b", "a"]);
    scene.wait(FRESH);
    let later = scene.get("/d/", "");
    assert_eq!(links(later.text()), ["../", "a", "b", "c"]);
    // It is a representation like any other.
    let [old, new] = [&first, &later].map(|reply| reply.field("etag").unwrap());
    assert_eq!(scene.get("/d/", &format!("If-None-Match: {new}\r\n")).status, 304);
    assert_eq!(scene.get("/d/", &format!("If-None-Match: {old}\r\n")).status, 200);
    assert_eq!(scene.get("/d/", "Range: bytes=0-8\r\n").text(), "<!DOCTYPE");
    // A page of the folder's own is found at once, a folder that was removed within the second.
    scene.write("d/index.html", "own");
    assert_eq!(scene.get("/d/", "").text(), "own");
    fs::remove_dir_all(scene.path("d")).unwrap();
    scene.wait(FRESH);
    assert_eq!(scene.get("/d/", "").status, 404);
}
