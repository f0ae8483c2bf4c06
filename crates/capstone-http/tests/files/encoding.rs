//! RFC 9110, 12.5.3: precompressed twins.

use std::fs;
use std::time::Duration;

use capstone_http::files::encoding::Coding::{self, Brotli, Gzip, Identity, Zstd};
use capstone_http::files::encoding::choose;
use capstone_http::files::mime;

use crate::scene::{Scene, head};

const ALL: [(Coding, u64); 4] = [(Identity, 100), (Gzip, 30), (Brotli, 20), (Zstd, 25)];

#[test]
fn the_best_of_what_is_there() {
    for (value, available, expected) in [
        (None, &ALL[..], Identity),
        (Some(""), &ALL, Identity),
        (Some("gzip"), &ALL, Gzip),
        (Some("x-gzip"), &ALL, Gzip),
        (Some("GZIP"), &ALL, Gzip),
        (Some("gzip, deflate, br, zstd"), &ALL, Brotli),
        (Some("gzip, deflate, zstd"), &ALL, Zstd),
        (Some("gzip, deflate, br, zstd"), &ALL[..2], Gzip),
        (Some("deflate"), &ALL, Identity),
        (Some("br;q=0.5, gzip;q=0.501"), &ALL, Gzip),
        (Some("br;q=0, gzip"), &ALL, Gzip),
        (Some("br;q=0"), &ALL, Identity),
        (Some("*"), &ALL, Brotli),
        (Some("*;q=0.1, gzip;q=0.2"), &ALL, Gzip),
        (Some("br;q=0, *"), &ALL, Zstd),
        // The file as it is: the last thing, unless the client speaks of it.
        (Some("gzip;q=0.001"), &ALL, Gzip),
        (Some("identity;q=0.5, gzip;q=0.4"), &ALL, Identity),
        (Some("identity, gzip"), &[(Identity, 10), (Gzip, 30)], Identity),
        (Some("identity;q=0"), &ALL[..1], Identity),
        (Some("*;q=0"), &ALL, Identity),
        // A weight that is none.
        (Some("gzip;q=2"), &ALL, Identity),
    ] {
        let field = value.map(|value| format!("Accept-Encoding: {value}\r\n")).unwrap_or_default();
        let request = format!("GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n");
        let chosen = choose(&head(&request).fields, available.iter().copied());
        assert_eq!(chosen, expected, "{value:?} of {available:?}");
    }
}

#[test]
fn a_twin_is_the_file_in_another_coding() {
    let mut scene = Scene::new(&[("a.css", "the style"), ("a.css.gz", "gz"), ("b.css", "b")]);
    let plain = scene.get("/a.css", "");
    let coded = scene.get("/a.css", "Accept-Encoding: gzip, br\r\n");
    assert_eq!((plain.text(), coded.text()), ("the style", "gz"));
    assert_eq!(plain.field("content-encoding"), None);
    assert_eq!(coded.field("content-encoding"), Some("gzip"));
    for reply in [&plain, &coded] {
        assert_eq!(reply.field("vary"), Some("Accept-Encoding"));
        assert_eq!(reply.field("content-type"), Some("text/css; charset=utf-8"));
    }
    assert_ne!(plain.field("etag"), coded.field("etag"));
    // Ranges and conditions are about the form that is sent.
    let part = scene.get("/a.css", "Accept-Encoding: gzip\r\nRange: bytes=1-1\r\n");
    assert_eq!((part.status, part.text()), (206, "z"));
    assert_eq!(part.field("content-encoding"), Some("gzip"));
    let etag = format!("If-None-Match: {}\r\n", coded.field("etag").unwrap());
    assert_eq!(scene.get("/a.css", &etag).status, 200);
    let again = scene.get("/a.css", &format!("{etag}Accept-Encoding: gzip\r\n"));
    assert_eq!((again.status, again.field("vary")), (304, Some("Accept-Encoding")));
    // Where there is nothing to choose from, nothing varies.
    let alone = scene.get("/b.css", "Accept-Encoding: gzip\r\n");
    assert_eq!((alone.text(), alone.field("vary")), ("b", None));
    // And a twin is a file of its own, too.
    let itself = scene.get("/a.css.gz", "");
    assert_eq!(itself.field("content-type"), Some("application/gzip"));
    assert_eq!(itself.field("content-encoding"), None);
}

#[test]
fn twins_come_and_go() {
    let mut scene = Scene::new(&[("a.css", "plain")]);
    let ask = |scene: &mut Scene| {
        scene.wait(Duration::from_secs(1));
        let reply = scene.get("/a.css", "Accept-Encoding: br, zstd\r\n");
        (reply.text().to_owned(), reply.field("vary").is_some())
    };
    assert_eq!(ask(&mut scene), ("plain".to_owned(), false));
    scene.write("a.css.zst", "zst");
    assert_eq!(ask(&mut scene), ("zst".to_owned(), true));
    // Also who gets the file as it is has to hear that others get something else.
    assert_eq!(scene.get("/a.css", "").field("vary"), Some("Accept-Encoding"));
    scene.write("a.css.br", "br");
    assert_eq!(ask(&mut scene), ("br".to_owned(), true));
    fs::remove_file(scene.path("a.css.br")).unwrap();
    fs::create_dir(scene.path("a.css.br")).unwrap();
    assert_eq!(ask(&mut scene), ("zst".to_owned(), true));
    fs::remove_file(scene.path("a.css.zst")).unwrap();
    assert_eq!(ask(&mut scene), ("plain".to_owned(), false));
    // A twin without its file is no page.
    scene.write("b.css.gz", "gz");
    assert_eq!(scene.get("/b.css", "Accept-Encoding: gzip\r\n").status, 404);
}

#[test]
fn the_types_of_a_web_site() {
    for (name, expected) in [
        ("a.html", "text/html; charset=utf-8"),
        ("a.HTML", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "application/javascript; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.xml", "text/xml"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
        ("a.woff2", "font/woff2"),
        ("a.mp4", "video/mp4"),
        ("a.wasm", "application/wasm"),
        ("a.tar.gz", "application/gzip"),
        ("a.b/c", "application/octet-stream"),
        ("README", "application/octet-stream"),
        ("a.", "application/octet-stream"),
    ] {
        let (kind, charset) = mime::of(name.as_bytes());
        assert_eq!(format!("{kind}{charset}"), expected, "{name}");
    }
    assert_eq!(mime::of(b"\xff.html").0, "text/html");
}
