//! A real browser reads from the server: Debian's chromium, without a window.
//!
//! One test in a process of its own: as a subreaper it gets every process that the browser leaves.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod chromium;
mod page;
mod site;

use std::path::Path;

use chromium::Chromium;
use nix::sys::signal::Signal;
use nix::unistd::getpid;
use page::{Answer, Page};
use process::orphan::Subreaper;
use process::procfs::Tree;
use process::{Child, Deadline};
use serde_json::json;
use testkit::{Program, Running, skip};

/// Where `cargo course book` puts it.
const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/book");

/// The title, once the page's script has made its last change to it.
const TITLE: &str = "new Promise(done => {
    const look = setInterval(() => {
        if (document.title.endsWith(' 2')) { clearInterval(look); done(document.title); }
    }, 5);
})";

const SEEK: &str = "new Promise((done, fail) => {
    const sound = new Audio('/silence.wav');
    sound.onloadedmetadata = () => { sound.currentTime = 50; };
    sound.onseeked = () => done([sound.duration, sound.currentTime]);
    sound.onerror = () => fail(sound.error.message);
})";

#[test]
fn a_browser_reads() {
    if testkit::need::program("chromium").is_none() {
        skip!("no chromium");
    }
    let _orphans = Subreaper::new().unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut page = Page::open(Chromium::start(home.path()));
    what_pages_share_is_asked_for_once(&mut page);
    the_book_is_whole(&mut page);
    page.browser.close();
    reap();
}

fn what_pages_share_is_asked_for_once(page: &mut Page) {
    let folder = tempfile::tempdir().unwrap();
    site::write(folder.path());
    // What was kept has to be asked about.
    let options = ["--not-found", "404.html", "--cache-control", "no-cache"];
    let (server, at) = serve(folder.path(), &options);

    page.visits(&format!("{at}/"));
    let answers = page.answers(all_of(&[&["/"], &site::SHARED[..]].concat()));
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:#?}");
    assert_eq!(page.runs(TITLE), "first 2");

    // A link is followed.
    page.goes(|page| drop(page.runs("document.querySelector('a').click()")));
    let answers = page.answers(all_of(&["/second.html", "/style.css", "/searchindex.json"]));
    let is_known = |answer: &Answer| answer.path != "/second.html";
    let as_expected = |it: &Answer| it.status == if is_known(it) { 304 } else { 200 };
    assert!(answers.iter().all(as_expected), "{answers:#?}");

    for (steps, title) in [(-1, "first 2"), (1, "second 2")] {
        page.goes_by(steps);
        assert_eq!(page.runs(TITLE), title);
    }
    // Going back asks the server for nothing, as a rule (RFC 9111, 6); reloading asks for all.
    page.answers(|_| true);
    page.goes(|page| drop(page.call("Page.reload", &json!({}))));
    let all = [&["/second.html"], &site::SHARED[..]].concat();
    let answers = page.answers(all_of(&all));
    assert!(answers.iter().all(|answer| answer.status == 304), "{answers:#?}");
    assert_eq!(page.complaints(), [""; 0]);

    page.visits(&format!("{at}/missing"));
    let answers = page.answers(all_of(&["/missing"]));
    assert_eq!((answers[0].status, &*answers[0].path), (404, "/missing"));
    assert_eq!(page.runs(TITLE), "nothing 2");
    let complaints = page.complaints();
    assert!(complaints.len() == 1 && complaints[0].contains("404"), "{complaints:#?}");

    // A player asks for all, and for the rest from somewhere else when it is told to seek.
    assert_eq!(page.runs(SEEK), json!([site::SECONDS, 50]));
    let is_far = |answer: &Answer| answer.start().is_some_and(|start| start > 5_000_000);
    let answers = page.answers(|answers| answers.iter().any(is_far));
    let of_the_sound = |answer: &&Answer| answer.path == "/silence.wav";
    assert!(answers.iter().filter(of_the_sound).all(|answer| answer.status == 206), "{answers:#?}");
    assert_eq!(page.complaints(), [""; 0]);
    end(server);
}

/// Every chapter of the course's book, by its table of contents.
fn the_book_is_whole(page: &mut Page) {
    let book = Path::new(BOOK);
    if !book.join("index.html").is_file() {
        return testkit::need::say_skipped("the book is not built: cargo course book");
    }
    let (server, at) = serve(book, &[]);
    page.visits(&format!("{at}/"));
    let links = "[...new Set([...document.querySelectorAll('nav a[href]')]
        .map(a => a.href.split('#')[0]))]";
    let chapters = page.runs(links);
    let chapters = chapters.as_array().unwrap().iter().map(|url| url.as_str().unwrap());
    let chapters: Vec<&str> = chapters.filter(|url| url.starts_with(&at)).collect();
    assert!(chapters.len() > 10, "{chapters:#?}");
    for chapter in chapters {
        page.visits(chapter);
    }
    let answers = page.answers(|_| true);
    let is_good = |answer: &Answer| [200, 206, 304].contains(&answer.status);
    assert!(answers.iter().all(is_good), "{answers:#?}");
    assert_eq!(page.complaints(), [""; 0]);
    end(server);
}

/// The server of a folder, and how its addresses begin.
fn serve(folder: &Path, options: &[&str]) -> (Running, String) {
    let server = Program::new(env!("CARGO_BIN_EXE_capstone-http")).args([folder]);
    let mut server = server.args(["--listen", "127.0.0.1:0"]).args(options).spawn();
    let at = format!("http://{}", server.addr());
    (server, at)
}

fn end(server: Running) {
    server.signal(Signal::SIGTERM);
    let finished = server.wait();
    assert!(finished.status.success(), "{finished:#?}");
}

/// Each of these paths has been answered.
fn all_of(paths: &[&str]) -> impl Fn(&[Answer]) -> bool {
    let is_there = |answers: &[Answer], path: &str| answers.iter().any(|it| it.path == path);
    move |answers| paths.iter().all(|path| is_there(answers, path))
}

/// Whoever the browser has left behind was about to end.
fn reap() {
    for orphan in Tree::read().unwrap().children(getpid()) {
        let exit = Child::adopt(orphan.pid).unwrap().join(Deadline::after(testkit::LIMIT));
        assert!(exit.unwrap().is_some(), "{orphan:?} does not end");
    }
}
