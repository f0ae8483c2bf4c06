//! Folders: their page, their redirect, and what does not exist.

use std::fs;

use capstone_http::files::Options;

use crate::scene::Scene;

#[test]
fn a_folder_is_its_page() {
    let mut scene = Scene::new(&[("index.html", "home"), ("book/index.html", "book")]);
    assert_eq!(scene.get("/", "").text(), "home");
    assert_eq!(scene.get("http://x", "").text(), "home");
    let book = scene.get("/book/", "");
    assert_eq!((book.status, book.text()), (200, "book"));
    assert_eq!(book.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(book.field("x-content-type-options"), Some("nosniff"));
    assert_eq!(scene.get("/book/index.html", "").text(), "book");
    assert_eq!(scene.get("/book/?x=1", "").text(), "book");
    // The slash behind a file would make its links lead elsewhere.
    assert_eq!(scene.get("/book/index.html/", "").status, 404);
}

#[test]
fn a_redirect_never_leaves_the_site() {
    let mut scene =
        Scene::new(&[("book/index.html", ""), ("evil.example/a b/x", ""), ("%2f/x", "")]);
    fs::create_dir(scene.path("\\evil.example")).unwrap();
    fs::create_dir(scene.path("a\r\nSet-Cookie: x")).unwrap();
    for (path, location) in [
        ("/book", "/book/"),
        ("/book?sort=size", "/book/?sort=size"),
        ("//book", "/book/"),
        ("//evil.example", "/evil.example/"),
        ("///evil.example", "/evil.example/"),
        ("/.//evil.example", "/evil.example/"),
        ("//evil.example/a%20b", "/evil.example/a%20b/"),
        ("/%5Cevil.example", "/%5Cevil.example/"),
        ("/a%0D%0ASet-Cookie:%20x", "/a%0D%0ASet-Cookie%3A%20x/"),
        ("/%252f", "/%252f/"),
        ("http://x//evil.example", "/evil.example/"),
    ] {
        let reply = scene.get(path, "");
        assert_eq!((reply.status, reply.field("location")), (301, Some(location)), "{path}");
        assert_eq!(reply.text(), "301 Moved Permanently\n");
    }
    for path in ["//evil", "//evil.example/%2e%2e", "//x//"] {
        let reply = scene.get(path, "");
        assert!(matches!(reply.status, 400 | 404), "{path}: {reply:?}");
        assert_eq!(reply.field("location"), None, "{path}");
    }
}

#[test]
fn what_does_not_exist_has_a_page() {
    let page = Options { not_found: Some(b"404.html".to_vec()), ..Options::default() };
    let mut scene = Scene::with(&[("404.html", "nothing here")], page);
    for fields in ["", "Range: bytes=0-1\r\nIf-None-Match: *\r\nAccept-Encoding: gzip\r\n"] {
        let reply = scene.get("/x", fields);
        assert_eq!((reply.status, reply.text()), (404, "nothing here"), "{fields}");
        assert_eq!(reply.field("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.field("etag"), None);
    }
    let head = scene.ask("HEAD", "/x", "");
    assert_eq!((head.status, head.field("content-length")), (404, Some("12")));
    assert_eq!(head.body, b"");
    // The page of its own name is a page.
    assert_eq!(scene.get("/404.html", "").status, 200);
    fs::remove_file(scene.path("404.html")).unwrap();
    scene.wait(capstone_http::files::FRESH);
    assert_eq!(scene.get("/x", "").text(), "404 Not Found\n");
}
