//! Verifying: an exercise that is what it claims to be, and each way in which one is not.

use std::fs;
use std::path::PathBuf;

use testkit::{Finished, proc, until};

use crate::fixture::{SOLUTION, STARTER, Workspace};

/// An exercise that is in order, and what a syllabus says of it.
fn good() -> Workspace {
    let workspace = Workspace::new().with("day04-tiny", 4, "4.01").with_exercise("first-one", 4);
    fs::create_dir(workspace.path("docs")).expect("a folder");
    fs::write(workspace.path("docs/syllabus.md"), "| 4.01 | all of it | day04-tiny |\n")
        .expect("a file");
    workspace
}

fn file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.path("exercises/day04/first-one").join(name)
}

fn verified(workspace: &Workspace, args: &[&str]) -> Finished {
    workspace.course(&[&["verify"], args].concat()).run()
}

/// With another text in one of its files, which then is as it was.
fn with<T>(workspace: &Workspace, name: &str, text: &str, work: impl FnOnce() -> T) -> T {
    let file = file(workspace, name);
    let before = fs::read(&file).expect("the file");
    fs::write(&file, text).expect("the file");
    let done = work();
    fs::write(file, before).expect("the file");
    done
}

/// One complaint, and the verdict.
fn is_wrong(workspace: &Workspace, sentence: &str) {
    let verified = verified(workspace, &[]);
    assert_eq!(verified.status.code(), Some(1), "{sentence}: {verified:#?}");
    let head = format!("wrong  day04/first-one\n    {sentence}");
    assert!(verified.stdout.contains(&head), "{sentence}: {verified:#?}");
    assert!(verified.stdout.contains("\n1 exercise, 1 wrong; "), "{verified:#?}");
}

#[test]
fn what_is_in_order_is_tried_once_and_then_only_what_has_changed() {
    let workspace = good();
    let first = verified(&workspace, &[]);
    first.succeeded();
    let head = "ok     day04/first-one\n\n1 exercise, 0 wrong; 6 programs run, 0 as before; ";
    assert!(first.stdout.starts_with(head), "{first:#?}");
    let second = verified(&workspace, &["first"]);
    assert!(second.stdout.contains("; 0 programs run, 6 as before; "), "{second:#?}");
    let trap = file(&workspace, "traps/zero.rs");
    fs::write(&trap, fs::read_to_string(&trap).unwrap().replace("Because", "Why not")).unwrap();
    let third = verified(&workspace, &[]);
    assert!(third.stdout.contains("; 1 program run, 5 as before; "), "{third:#?}");
    for option in ["--again", "--load"] {
        let again = verified(&workspace, &[option]);
        assert!(again.stdout.contains("; 6 programs run, 0 as before; "), "{again:#?}");
    }
}

#[test]
fn an_answer_that_comes_out_otherwise_is_wrong() {
    let workspace = good();
    for (name, text, sentence) in [
        (
            "solution/lib.rs",
            SOLUTION.replace("42", "43"),
            "solution/lib.rs fails at the 1. time of 10:\n      | \n",
        ),
        (
            "traps/zero.rs",
            format!("//! expect: x\n{SOLUTION}"),
            "traps/zero.rs passes, and must not:\n      | all tests passed",
        ),
        (
            "traps/zero.rs",
            format!("//! expect: no such words\n{}", SOLUTION.replace("42", "0")),
            "traps/zero.rs fails, without the words 'no such words':\n      | it gave nothing at all",
        ),
        (
            "traps/zero.rs",
            format!("//! expect: x\n{}", SOLUTION.replace("42", "nonsense")),
            "traps/zero.rs does not compile:\n      | error[E0425]",
        ),
        (
            "src/lib.rs",
            STARTER.replace("u32 {", "u32 {\n    let unused = 1;"),
            "a warning, in src/lib.rs:\n      | warning: unused variable",
        ),
        (
            "src/lib.rs",
            SOLUTION.replace("42", "if true { 42 } else { todo!() }"),
            "    src/lib.rs passes, and must not:",
        ),
    ] {
        let verified = with(&workspace, name, &text, || verified(&workspace, &[]));
        assert_eq!(verified.status.code(), Some(1), "{verified:#?}");
        let sentence = sentence.replace("| \n", "|");
        assert!(verified.stdout.contains(&sentence), "{sentence}: {verified:#?}");
    }
}

#[test]
fn a_constant_answer_must_not_pass() {
    let workspace = good();
    let tests = file(&workspace, "tests/check.rs");
    let text = fs::read_to_string(&tests).unwrap().replace("0 => {\n", "0 => {}\n        7 => {\n");
    assert!(text.contains("0 => {}"), "{text}");
    fs::write(&tests, text).unwrap();
    fs::write(
        file(&workspace, "traps/zero.rs"),
        format!("//! expect: 7\n{}", SOLUTION.replace("42", "7")),
    )
    .unwrap();
    let verified = verified(&workspace, &[]);
    assert!(
        verified.stdout.contains("    a constant answer passes, and must not:"),
        "{verified:#?}"
    );
}

#[test]
fn clippy_and_rustfmt_look_at_the_solution() {
    let workspace = good();
    let text = SOLUTION.replace("    42\n", "    return 42;\n");
    fs::write(file(&workspace, "solution/lib.rs"), text).unwrap();
    is_wrong(
        &workspace,
        "clippy, in solution/lib.rs:\n      | warning: unneeded `return` statement",
    );
    fs::write(file(&workspace, "solution/lib.rs"), SOLUTION.replace("    42\n", "  42\n")).unwrap();
    is_wrong(&workspace, "solution/lib.rs is not formatted (rustfmt)\n");
}

#[test]
fn what_is_missing_or_leads_nowhere_is_named() {
    let workspace = good();
    let readme = "# first-one\n\n30 minutes.\n\n";
    for (name, text, sentence) in [
        (
            "README.md",
            "# first-one\n".into(),
            "README.md does not say '30 minutes', as Cargo.toml does\n",
        ),
        (
            "README.md",
            format!("{readme}[x](../../gone.md)\n"),
            "README.md links to ../../gone.md, which is not there\n",
        ),
        (
            "README.md",
            format!("{readme}[x](solution/lib.rs)\n"),
            "README.md links to solution/lib.rs, which a learner does not have\n",
        ),
        (
            "README.md",
            format!("{readme}`cargo course demo tyni`\n"),
            "README.md has the command 'cargo course demo tyni': no demo is called 'tyni'",
        ),
        (
            "hints.md",
            "## 1\n\na\n\n## 2\n\nb\n".into(),
            "hints.md has 2 hints ('## 1' and so on), not 3\n",
        ),
        ("hints.md", "## 1\n\na\n\n## 2\n\n## 3\n\nb\n".into(), "hint 2 in hints.md is empty\n"),
        (
            "traps/one.rs",
            SOLUTION.replace("42", "1"),
            "traps/one.rs does not begin with '//! expect: WORDS'\n",
        ),
    ] {
        with(&workspace, name, &text, || is_wrong(&workspace, sentence));
    }
    for (name, sentence) in [
        ("README.md", "README.md cannot be read: No such file"),
        ("traps/one.rs", "there are 2 files in traps, not at least 3\n"),
    ] {
        with(&workspace, name, "", || {
            fs::remove_file(file(&workspace, name)).unwrap();
            is_wrong(&workspace, sentence);
        });
    }
    fs::write(workspace.path("docs/syllabus.md"), "| 4.02 |").unwrap();
    is_wrong(&workspace, "item 4.01 in Cargo.toml is none of docs/syllabus.md\n");
}

#[test]
fn nothing_is_left_when_it_is_stopped() {
    let workspace = good();
    let endless = "//! Endless.\n\n/// Says who it is and does not end.\npub fn answer() -> u32 {\n    \
        let me = std::process::id();\n    let path = std::env::var(\"SAY_TO\").unwrap();\n    \
        std::fs::write(path, me.to_string()).unwrap();\n    loop {\n        \
        std::thread::park();\n    }\n}\n";
    fs::write(file(&workspace, "solution/lib.rs"), endless).unwrap();
    let said = workspace.path("said");
    let verify = workspace.course(&["verify"]).env("SAY_TO", &said).spawn();
    let pid = until("the solution runs", || fs::read_to_string(&said).ok()?.parse::<u32>().ok());
    verify.signal(nix::sys::signal::Signal::SIGINT);
    assert_eq!(verify.wait().status.code(), Some(130));
    assert_eq!(proc::stat(pid), None, "it is still there");
}

#[test]
fn two_exercises_cannot_have_one_place() {
    let workspace = good().with_exercise("second-one", 4);
    let manifest = workspace.path("exercises/day04/second-one/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap().replace("order = 2", "order = 1");
    fs::write(manifest, text).unwrap();
    is_not_alone(&workspace);
    let none = workspace.course(&["verify", "frist-one"]).run();
    none.failed(2, "no exercise is called 'frist-one'; did you mean 'first-one'?");
}

fn is_not_alone(workspace: &Workspace) {
    let verified = verified(workspace, &["first-one"]);
    let sentence = "wrong  day04/first-one\n    second-one has the same order in Cargo.toml\n";
    assert!(verified.stdout.contains(sentence), "{verified:#?}");
    assert!(!verified.stdout.contains("day04/second-one\n"), "{verified:#?}");
}
