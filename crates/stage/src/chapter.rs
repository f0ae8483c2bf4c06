//! The chapter for instructors (docs/stage.md) says what is so.

use crate::args::HELP;
use crate::tui::KEYS;

fn read(file: &str) -> String {
    let path = crate::program::workspace().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_key_is_explained_as_the_help_explains_it() {
    let chapter = read("docs/stage.md");
    for (key, what) in KEYS {
        let row = format!("| {key} | {what} |");
        assert!(chapter.contains(&row), "no {row:?}");
    }
}

#[test]
fn its_pictures_are_those_that_the_tests_keep() {
    let chapter = read("docs/stage.md");
    let picture = read("crates/stage/src/tui/view/pictures/connect.80x24");
    assert!(chapter.contains(picture.trim_end()), "{picture}");
    let steps = read("crates/stage/src/text/pictures/all.txt");
    let shown = chapter.split("```").find(|block| block.contains("# accept sleeps until"));
    let shown = shown.expect("the example of the text").trim_matches('\n');
    assert!(steps.contains(shown), "{shown}\nis not in\n{steps}");
}

#[test]
fn every_option_that_it_names_is_there() {
    let chapter = read("docs/stage.md");
    let words = chapter.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let ours = ["--package", "--"];
    for option in words.filter(|word| word.starts_with("--") && !ours.contains(word)) {
        let dashes = option.bytes().all(|byte| byte == b'-');
        assert!(dashes || HELP.contains(option), "{option} is no option");
    }
}
