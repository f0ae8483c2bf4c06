//! Nothing but the ordinary files of the folder, whatever the path.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use nix::sys::stat::Mode;

use capstone_http::files::{Cache, Options};

use crate::scene::Scene;

fn scene() -> Scene {
    let scene = Scene::new(&[("a", "inside"), ("sub/b", "inside"), (".git/config", "hidden")]);
    fs::write(scene.all.path().join("secret"), "outside").unwrap();
    scene
}

#[test]
fn no_spelling_leads_out() {
    let mut scene = scene();
    let up = "/..".repeat(12);
    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/.%2E/secret",
        "/sub/../../secret",
        "/sub/%2e%2e/%2e%2e/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/sub%2f..%2f..%2fsecret",
        "/%2e%2e%5csecret",
        "/..;/secret",
        "/%252e%252e/secret",
        "/%c0%ae%c0%ae/secret",
        "/%00/../secret",
        "/a%00.html",
        "/sub%2fb",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/%",
        "/%4",
        "/%zz",
        "/a/../a",
        "http://x/../secret",
        &format!("{up}/etc/passwd"),
        &format!("/{}", "a".repeat(300)),
        &format!("/{}", "a/".repeat(2000)),
    ] {
        let reply = scene.get(path, "");
        assert!(matches!(reply.status, 400 | 404), "{path}: {reply:?}");
        assert!(!String::from_utf8_lossy(&reply.body).contains("side"), "{path}");
    }
    assert_eq!(scene.get("/%61", "").text(), "inside");
    assert_eq!(scene.get("//sub//./b", "").text(), "inside");
}

#[test]
fn dot_files_are_hidden() {
    let mut scene = scene();
    scene.write("sub/.htpasswd", "hidden");
    scene.write("..a", "hidden");
    for path in
        ["/.git/config", "/.git", "/.git/", "/%2egit/config", "/sub/.htpasswd", "/..a", "/..."]
    {
        assert_eq!(scene.get(path, "").status, 404, "{path}");
    }
}

/// RFC 8615: at the top, and nowhere else.
#[test]
fn what_everybody_shall_find_is_not() {
    let mut scene = scene();
    scene.write(".well-known/security.txt", "found");
    scene.write(".well-known/.htpasswd", "hidden");
    scene.write("sub/.well-known/security.txt", "hidden");
    scene.write(".well-knowns", "hidden");
    for path in ["/.well-known/security.txt", "/%2ewell-known/security.txt"] {
        assert_eq!(scene.get(path, "").text(), "found", "{path}");
    }
    for path in ["/.well-known/.htpasswd", "/sub/.well-known/security.txt", "/.well-knowns"] {
        assert_eq!(scene.get(path, "").status, 404, "{path}");
    }
    // Nobody is told of it who does not know.
    assert!(!scene.get("/", "").text().contains("well-known"));
}

#[test]
fn links_lead_where_they_may() {
    let mut scene = scene();
    let secret = scene.all.path().join("secret");
    symlink("a", scene.path("inside")).unwrap();
    symlink("sub", scene.path("folder")).unwrap();
    symlink("../a", scene.path("sub/up")).unwrap();
    symlink(&secret, scene.path("absolute")).unwrap();
    symlink("../secret", scene.path("relative")).unwrap();
    symlink("..", scene.path("parent")).unwrap();
    symlink("/proc/self/root/etc/passwd", scene.path("magic")).unwrap();
    symlink("loop", scene.path("loop")).unwrap();
    for path in ["/inside", "/folder/b", "/sub/up"] {
        assert_eq!(scene.get(path, "").text(), "inside", "{path}");
    }
    for path in ["/absolute", "/relative", "/parent/secret", "/parent/", "/magic", "/loop"] {
        assert_eq!(scene.get(path, "").status, 404, "{path}");
    }
    // Neither a page, nor a twin, nor the page for what does not exist.
    symlink("../../secret", scene.path("sub/index.html")).unwrap();
    symlink("../secret", scene.path("a.gz")).unwrap();
    assert_eq!(scene.get("/sub/", "").status, 404);
    assert_eq!(scene.get("/a", "Accept-Encoding: gzip\r\n").text(), "inside");
    let options = Options { not_found: Some(b"../secret".to_vec()), ..Options::default() };
    assert_eq!(Scene::with(&[], options).get("/none", "").text(), "404 Not Found\n");
}

#[test]
fn what_is_no_file_is_neither_opened_nor_waited_for() {
    let mut scene = scene();
    nix::unistd::mkfifo(&scene.path("fifo"), Mode::S_IRWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(scene.path("socket")).unwrap();
    let mut paths = vec!["/fifo", "/fifo/", "/socket"];
    let device = nix::sys::stat::makedev(1, 3);
    let kind = nix::sys::stat::SFlag::S_IFCHR;
    match nix::sys::stat::mknod(&scene.path("null"), kind, Mode::S_IRWXU, device) {
        Ok(()) => paths.push("/null"),
        Err(errno) => testkit::skip!("no device can be made here: {errno}"),
    }
    for path in paths {
        assert_eq!(scene.get(path, "").status, 404, "{path}");
    }
    // As a twin and as a folder's page, too.
    nix::unistd::mkfifo(&scene.path("a.br"), Mode::S_IRWXU).unwrap();
    assert_eq!(scene.get("/a", "Accept-Encoding: br\r\n").text(), "inside");
    nix::unistd::mkfifo(&scene.path("sub/index.html"), Mode::S_IRWXU).unwrap();
    assert_eq!(scene.get("/sub/", "").status, 404);
}

/// Somebody exchanges a file, and a folder, for a link to the outside, over and over.
#[test]
fn a_link_that_is_swapped_in_is_followed_by_nobody() {
    for (name, link, to) in [("a", "link", "../secret"), ("sub", "way", "..")] {
        let mut scene = scene();
        fs::write(scene.all.path().join("b"), "outside").unwrap();
        symlink(to, scene.path(link)).unwrap();
        let path = if name == "sub" { "/sub/b" } else { "/a" };
        let over = AtomicBool::new(false);
        let (one, other) = (scene.path(name), scene.path(link));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    exchange(&one, &other);
                }
            });
            let _end = End(&over);
            let (mut found, mut refused) = (0, 0);
            testkit::until("a file was found and refused", || {
                scene.cache = Cache::default();
                let reply = scene.get(path, "");
                match reply.status {
                    200 => assert_eq!((reply.text(), found += 1), ("inside", ())),
                    404 => refused += 1,
                    _ => panic!("{reply:?}"),
                }
                (found > 0 && refused > 0 && found + refused > 300).then_some(())
            });
        });
    }
}

fn exchange(one: &Path, other: &Path) {
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE).unwrap();
}

struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
