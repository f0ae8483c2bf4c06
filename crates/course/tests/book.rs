//! The book says what is so (`cargo course book --check`), and the check finds what is not.

#![allow(clippy::unwrap_used, reason = "without its files a test has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use testkit::{Finished, Program};

fn course(args: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_course")).args(args).limit(Duration::from_mins(5))
}

/// Nothing is built for it: `cargo test` of the whole workspace has built every demo, and what is
/// not built is skipped aloud.
#[test]
fn the_book_says_what_is_so() {
    let done = course(&["book", "--check"]).run();
    assert!(done.status.success(), "{}{}", done.stdout, done.stderr);
    for line in done.stdout.lines().filter(|line| line.starts_with("skipped: ")) {
        testkit::need::say_skipped(line.trim_start_matches("skipped: "));
    }
}

/// A small workspace with a book of one day, in which all is well.
struct Small(TempDir);

const CHAPTER: &str = "\
# Day 4: poll, epoll, Unix sockets, processes in /proc, fork

## Outcomes

- one
- two
- three

## The subject

{{#picture wire}}

The idea. <!-- 4.01 E27 -->

{{#demo day04-tiny}}

> **Predict before you run.** What?

{{#item crates/day04-tiny/src/main.rs main}}

{{#transcript day04-tiny}}

[a link](#quiz) and `cargo run -p day04-tiny -- loud`

## Exercises

{{#exercises 4}}

## Quiz

QUIZ
## For the instructor

<details><summary>Notes</summary>

Notes.

</details>

## References

- [a](https://a.example), [b](https://b.example), [c](https://c.example)
";

const PICTURE: &str = "<svg xmlns=\"x\" viewBox=\"0 0 1 1\" role=\"img\">
<title>A wire between two</title><desc>A wire goes from one to the other.</desc></svg>
";

const MANIFEST: &str = "[package]\nname = \"day04-tiny\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
    description = \"Tiny.\"\n[package.metadata.course]\nday = 4\nminutes = 5\ntitle = \"T\"\n\
    items = [\"4.01\"]\n";

impl Small {
    fn new() -> Self {
        let small = Self(tempfile::tempdir().unwrap());
        small.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n");
        small.write("crates/day04-tiny/Cargo.toml", MANIFEST);
        let main = "fn main() {\n    // Role { name: \"loud\" }\n    println!(\"pid\");\n}\n";
        small.write("crates/day04-tiny/src/main.rs", main);
        small.write("docs/SUMMARY.md", "# Book\n\n- [Day 4](day04.md)\n- [More](day05.md)\n");
        let question = "<details><summary>Why?</summary>\n\nSo.\n\n</details>\n\n";
        small.write("docs/day04.md", &CHAPTER.replace("QUIZ\n", &question.repeat(5)));
        small.write("docs/day05.md", "<!-- to come -->\n\n# Day 5\n");
        small.write("docs/syllabus.md", "| id | item |\n|---|---|\n| 4.01 | one |\n");
        small.write("docs/corrections.md", "# C\n\n## Day 4: x\n\n| E27 | a |\n");
        small.write("docs/pictures/wire.svg", PICTURE);
        small.write("docs/transcripts/day04-tiny.txt", "pid ‹1›\nthe end\n");
        // The program, built after its source.
        small.write("programs/day04-tiny", "#!/bin/sh\necho \"pid $$\"\necho the end\n");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(small.path("programs/day04-tiny"), mode).unwrap();
        small
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text, which has to be there, in a file.
    fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn check(&self) -> Finished {
        course(&["book", "--check"])
            .env("NINE_DAYS_ROOT", self.0.path())
            .env("NINE_DAYS_PROGRAMS", self.path("programs"))
            .env("CARGO_NET_OFFLINE", "true")
            .run()
    }

    /// It has this problem, and no other.
    fn has(&self, problem: &str) {
        let done = self.check();
        let said = done.stdout.as_str();
        assert_eq!(done.status.code(), Some(1), "{said}{}", done.stderr);
        assert!(said.contains(problem), "no \"{problem}\" in:\n{said}");
        assert!(said.contains("problems: 1\n"), "{said}");
    }
}

#[test]
fn a_book_in_which_all_is_well() {
    let done = Small::new().check();
    assert!(done.status.success(), "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("to come: docs/day05.md"), "{}", done.stdout);
    assert!(done.stdout.contains("1 chapters, 1 transcripts as they were"), "{}", done.stdout);
}

/// Each with one thing taken away or renamed, and the words that name it.
#[test]
fn what_is_not_so_is_named() {
    let chapter = "docs/day04.md";
    let main = "crates/day04-tiny/src/main.rs";
    for (file, from, to, problem) in [
        (chapter, "main.rs main", "main.rs serve", "no item is called 'serve'"),
        (chapter, "src/main.rs main", "src/gone.rs main", "src/gone.rs: No such file"),
        (chapter, "(#quiz)", "(#quizz)", "has no heading #quizz"),
        (chapter, "(#quiz)", "(day06.md)", "a link to day06.md, which is not there"),
        (chapter, "(#quiz)", "(../crates/x)", "a link out of the book: ../crates/x"),
        (chapter, "<!-- 4.01 E27", "<!-- 4.01", "<!-- E27 --> is missing"),
        (chapter, "<!-- 4.01 E27", "<!-- E27", "<!-- 4.01 --> is missing"),
        (chapter, "<!-- 4.01 E27", "<!-- 4.01 E27 4.99", "there is no 4.99"),
        (chapter, "{{#demo day04-tiny}}", "", "{{#demo}} of day04-tiny is missing"),
        (chapter, "{{#exercises 4}}", "None.", "no {{#exercises 4}}"),
        (chapter, "> **Predict before you run.** What?", "", "without 'Predict before you run'"),
        (chapter, "## Outcomes", "## Results", "its headings are to be: Outcomes"),
        (chapter, "<summary>Why?", "<summary>Why `x`?", "a <summary> needs <code>"),
        (chapter, "# Day 4: poll", "# Day 4: pole", "its one title is to be"),
        (chapter, "-- loud", "-- quiet", "day04-tiny has no role quiet"),
        (chapter, "-p day04-tiny --", "-p day04-huge --", "there is no package day04-huge"),
        (chapter, "`cargo run -p", "`cargo fly -p", "cargo has no such command"),
        (chapter, "`cargo run -p day04-tiny -- loud", "`cargo course lsit", "did you mean 'list'"),
        (main, "fn main", "fn other", "no item is called 'main'"),
        ("docs/pictures/wire.svg", "</desc>", "</decs>", "</decs> closes <desc>"),
        ("docs/pictures/wire.svg", "A wire between two", "A", "<title> says too little"),
        ("docs/transcripts/day04-tiny.txt", "the end", "an end", "the book has \"an end\""),
    ] {
        let small = Small::new();
        small.change(file, from, to);
        if file == main {
            // Built once more, so that it is the code and not its age that is wrong.
            small.change("programs/day04-tiny", "the end", "the end");
        }
        small.has(problem);
    }
}

#[test]
fn what_nobody_shows_any_more_is_named() {
    let small = Small::new();
    small.write("docs/pictures/more.svg", PICTURE);
    small.has("docs/pictures/more.svg: no chapter shows it");
    let small = Small::new();
    small.write("docs/transcripts/old.txt", "old\n");
    small.has("docs/transcripts/old.txt: no chapter shows it");
    let small = Small::new();
    fs::remove_file(small.path("docs/day05.md")).unwrap();
    small.has("docs/SUMMARY.md: docs/day05.md: No such file");
}

/// Somebody who has built nothing gets no failure for that, but is told.
#[test]
fn a_program_that_is_not_built_is_skipped_aloud() {
    let small = Small::new();
    fs::remove_file(small.path("programs/day04-tiny")).unwrap();
    let done = small.check();
    assert!(done.status.success(), "{}", done.stdout);
    let said = "skipped: day04-tiny is not built: cargo build -p day04-tiny";
    assert!(done.stdout.contains(said), "{}", done.stdout);
}

/// A twin has a file that its demo has not, and the other way round.
#[test]
fn what_was_changed_after_it_was_built_is_skipped_and_nothing_else() {
    let small = Small::new();
    let main = small.path("crates/day04-tiny/src/main.rs");
    let rule = format!("{}: {}\n", small.path("programs/day04-tiny").display(), main.display());
    small.write("programs/day04-tiny.d", &rule);
    let later = SystemTime::now() + Duration::from_mins(1);
    let change = |file: &str| {
        let path = small.path("crates/day04-tiny").join(file);
        fs::File::options().append(true).open(path).unwrap().set_modified(later).unwrap();
    };
    small.write("crates/day04-tiny/examples/spin.rs", "fn main() {}\n");
    change("examples/spin.rs");
    let done = small.check();
    assert!(done.status.success() && !done.stdout.contains("skipped"), "{}", done.stdout);
    change("src/main.rs");
    let said = "day04-tiny was changed after it was built: cargo build -p day04-tiny";
    assert!(small.check().stdout.contains(said));
}

/// What mdBook does: it asks, and then hands over the book as JSON.
#[test]
fn the_preprocessor_replaces_directives() {
    let small = Small::new();
    let set_up = |program: Program| program.env("NINE_DAYS_ROOT", small.0.path());
    assert!(set_up(course(&["book-preprocess", "supports", "html"])).run().status.success());
    assert!(!set_up(course(&["book-preprocess", "supports", "markdown"])).run().status.success());
    let chapter = |text: &str| {
        let text = serde_json::json!(text);
        format!(
            "[{{}}, {{\"items\": [{{\"Chapter\": {{\"content\": {text}, \"path\": \"a.md\"}}}}]}}]"
        )
    };
    let expand = |text: &str| {
        let mut running = set_up(course(&["book-preprocess"])).stdin_pipe().spawn();
        running.type_in(chapter(text));
        running.close_stdin();
        running.wait()
    };
    let done = expand("{{#item crates/day04-tiny/src/main.rs main}}\n```\n{{#item a b}}\n```");
    done.succeeded();
    assert!(done.stdout.contains("println!(\\\"pid\\\")"), "{}", done.stdout);
    assert!(done.stdout.contains("{{#item a b}}"), "{}", done.stdout);
    let part = expand("{{#transcript day04-tiny \"the\" .. \"end\"}}");
    assert!(part.stdout.contains("…\\nthe end\\n") && !part.stdout.contains("pid"), "{part:?}");
    expand("{{#item crates/day04-tiny/src/main.rs gone}}").failed(1, "no item is called 'gone'");
}
