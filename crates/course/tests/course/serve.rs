//! `cargo course book --open`: the book is built by mdbook, and served by the course's web server. Both
//! are stand-ins here, and so is the browser.

#![allow(clippy::unwrap_used, reason = "without its stand-ins a test has failed")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use nix::sys::signal::Signal;
use testkit::{Program, until};

use crate::fixture::Workspace;

/// Says how it was asked, and serves one page; ends by SIGTERM, like its model.
const SERVER: &str = r#"
    use std::io::{Read, Write};

    fn main() {
        let args: Vec<String> = std::env::args().skip(1).collect();
        if std::path::Path::new("refuse").exists() {
            eprintln!("not today");
            std::process::exit(1);
        }
        let listener = std::net::TcpListener::bind(&args[2]).unwrap();
        println!("listening on {}", listener.local_addr().unwrap());
        std::fs::write("server.pid", std::process::id().to_string()).unwrap();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1000]);
            let page = std::fs::read_to_string(format!("{}/index.html", args[0])).unwrap();
            let _ = write!(stream, "HTTP/1.0 200 OK\r\n\r\n{} {}", args[1], page);
        }
    }
"#;

const BOOK: &str = "#!/bin/sh\nset -e\ntest \"$1\" = build\nmkdir -p \"$2/../target/book\"\n\
    echo the page > \"$2/../target/book/index.html\"\n";

/// With programs in front of all others.
fn workspace() -> Workspace {
    let workspace = Workspace::new().with_package("capstone-http", "", SERVER);
    fs::create_dir(workspace.path("docs")).unwrap();
    fs::create_dir(workspace.path("programs")).unwrap();
    add(&workspace, "mdbook", BOOK);
    let browser = format!("#!/bin/sh\necho \"$1\" > {}\n", workspace.path("opened").display());
    add(&workspace, "xdg-open", &browser);
    workspace
}

fn add(workspace: &Workspace, name: &str, script: &str) {
    let path = workspace.path("programs").join(name);
    fs::write(&path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn book(workspace: &Workspace, args: &[&str]) -> Program {
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", workspace.path("programs").display());
    workspace.course(&[&["book"], args].concat()).env("PATH", path)
}

fn is_alive(workspace: &Workspace) -> bool {
    let pid = fs::read_to_string(workspace.path("server.pid")).unwrap();
    testkit::proc::stat(pid.parse().unwrap()).is_some()
}

#[test]
fn the_book_is_served_until_ctrl_c() {
    let workspace = workspace();
    let mut course = book(&workspace, &["--open"]).spawn();
    let said = course.line("the book: http://127.0.0.1:");
    let url = said.split_whitespace().nth(2).unwrap();
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("--listen the page\n"), "{answer}");

    let opened = || fs::read_to_string(workspace.path("opened")).unwrap_or_default();
    until("the browser is told", || (opened() == format!("{url}\n")).then_some(()));
    assert!(is_alive(&workspace));
    course.signal(Signal::SIGINT);
    course.wait().succeeded();
    assert!(!is_alive(&workspace));
}

#[test]
fn without_a_browser_the_address_has_to_do() {
    let workspace = workspace();
    add(&workspace, "xdg-open", "#!/bin/sh\nexit 3\n");
    let mut course = book(&workspace, &["--open"]).spawn();
    course.line("the book: http://127.0.0.1:");
    course.signal(Signal::SIGTERM);
    course.wait().succeeded();
}

#[test]
fn a_server_that_does_not_come_up_is_one_sentence() {
    let workspace = workspace();
    fs::write(workspace.path("refuse"), "").unwrap();
    let course = book(&workspace, &["--open"]).run();
    assert_eq!(course.status.code(), Some(1));
    assert_eq!(course.stderr, "not today\ncourse: capstone-http does not serve the book\n");
}

#[test]
fn without_open_nothing_is_served() {
    let workspace = workspace();
    let course = book(&workspace, &[]).run();
    course.succeeded();
    let page = workspace.path("target/book/index.html");
    assert_eq!(course.stdout, format!("the book: {}\n", page.display()));
    assert!(!workspace.path("server.pid").exists());
}
