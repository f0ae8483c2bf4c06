//! HEAD, OPTIONS and what is not allowed; CORS and Cache-Control.

use capstone_http::files::Options;

use crate::scene::Scene;

#[test]
fn head_has_the_fields_of_get() {
    let files = [("a.txt", "hello"), ("a.txt.gz", "gz"), ("b/x", ""), ("c", &"x".repeat(20_000))];
    let mut scene = Scene::new(&files);
    for path in ["/a.txt", "/", "/b", "/b/", "/c", "/none", "/%"] {
        for fields in
            ["", "Accept-Encoding: gzip\r\n", "If-None-Match: *\r\n", "If-Match: \"x\"\r\n"]
        {
            let get = scene.get(path, fields);
            let head = scene.ask("HEAD", path, fields);
            assert_eq!((head.status, head.fields), (get.status, get.fields), "{path} {fields}");
            assert_eq!(head.body, b"", "{path} {fields}");
        }
    }
}

#[test]
fn other_methods() {
    let mut scene = Scene::new(&[("a.txt", "hello")]);
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE"] {
        let reply = scene.ask(method, "/a.txt", "");
        assert_eq!((reply.status, reply.field("allow")), (405, Some("GET, HEAD, OPTIONS")));
        assert_eq!(reply.text(), "405 Method Not Allowed\n");
    }
    assert_eq!(scene.ask("BREW", "/a.txt", "").status, 501);
    assert_eq!(scene.ask("get", "/a.txt", "").status, 501);
    for path in ["/a.txt", "*", "/none"] {
        let reply = scene.ask("OPTIONS", path, "");
        assert_eq!((reply.status, reply.field("allow")), (204, Some("GET, HEAD, OPTIONS")));
        // A length would announce a body that a 204 cannot have (RFC 9110, 8.6).
        assert_eq!((reply.field("content-length"), reply.text()), (None, ""));
        assert_eq!(reply.field("access-control-allow-methods"), None);
    }
}

#[test]
fn other_sites_scripts_by_option() {
    let name = "access-control-allow-origin";
    let files = [("a.txt", "hello"), ("b/x", "")];
    let preflight = "Origin: http://y\r\nAccess-Control-Request-Method: GET\r\n";
    let mut scene = Scene::new(&files);
    assert_eq!(scene.get("/a.txt", "Origin: http://y\r\n").field(name), None);
    let reply = scene.ask("OPTIONS", "/a.txt", preflight);
    assert_eq!((reply.field(name), reply.field("access-control-allow-methods")), (None, None));

    let options = Options { cors: Some("http://y".to_owned()), ..Options::default() };
    let mut scene = Scene::with(&files, options);
    for (path, fields, status) in [
        ("/a.txt", "", 200),
        ("/a.txt", "If-None-Match: *\r\n", 304),
        ("/a.txt", "Range: bytes=1-1\r\n", 206),
        ("/a.txt", "Range: bytes=9-\r\n", 416),
        ("/a.txt", "If-Match: \"x\"\r\n", 412),
        ("/b", "", 301),
        ("/b/", "", 200),
        ("/none", "", 404),
    ] {
        let reply = scene.get(path, fields);
        assert_eq!(
            (reply.status, reply.field(name)),
            (status, Some("http://y")),
            "{path} {fields}"
        );
    }
    let reply = scene.ask("OPTIONS", "/a.txt", preflight);
    assert_eq!(reply.field("access-control-allow-methods"), Some("GET, HEAD, OPTIONS"));
    assert!(reply.field("access-control-allow-headers").unwrap().contains("Range"));
}

#[test]
fn cache_control_by_option() {
    let name = "cache-control";
    assert_eq!(Scene::new(&[("a", "")]).get("/a", "").field(name), None);
    let options = Options { cache_control: Some("max-age=60".to_owned()), ..Options::default() };
    let mut scene = Scene::with(&[("a", "a")], options);
    for (fields, status) in
        [("", 200), ("If-None-Match: *\r\n", 304), ("Range: bytes=0-0\r\n", 206)]
    {
        let reply = scene.get("/a", fields);
        assert_eq!((reply.status, reply.field(name)), (status, Some("max-age=60")));
    }
    // What is wrong today may be right in a minute.
    assert_eq!(scene.get("/none", "").field(name), None);
}
