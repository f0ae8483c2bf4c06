//! Marked lines, learned and compared.

use super::*;

#[test]
fn what_is_marked_may_differ_and_nothing_else() {
    assert!(fits("process ‹2122› of ‹2121›", "process 17 of 4"));
    assert!(!fits("process ‹2122› of ‹2121›", "process 17 off 4"));
    assert!(fits("a   ‹1›   b", "a 12345 b"));
    assert!(!fits("fd 3", "fd 4"));
    assert!(fits("same", "same"));
    assert!(fits("  -1: ‹allowed here›", "  -1: EACCES"));
    assert_eq!(plain("process ‹2122›"), "process 2122");
}

#[test]
fn the_first_difference_is_told() {
    assert_eq!(difference("a ‹1›\nb\n", "a 2\nb\n"), None);
    let said = difference("a\nb\n", "a\nc\n").unwrap();
    assert_eq!(said, "line 2: the book has \"b\", the program says \"c\"");
    let said = difference("a\n", "a\nb\n").unwrap();
    assert_eq!(said, "line 2: the book has nothing, the program says \"b\"");
}

#[test]
fn marks_set_by_hand_stay() {
    let kept = keep("a ‹1›\nold\nb ‹x y›\n", "a ‹2›\nnew\nb p q\n");
    assert_eq!(kept, "a ‹2›\nnew\nb ‹x y›\n");
}

#[test]
fn marks_are_learned_from_several_runs() {
    let learn = |runs: &[&str]| {
        let runs: Vec<String> = runs.iter().map(|run| format!("{run}\n")).collect();
        learn(&runs).map(|text| text.trim_end().to_owned())
    };
    assert_eq!(learn(&["pid 12, fd 3", "pid 13, fd 3"]).unwrap(), "pid ‹12›, fd 3");
    assert_eq!(learn(&["took 5 ms", "took 5 ms"]).unwrap(), "took ‹5› ms");
    // All of a fraction, and of an address one number.
    assert_eq!(learn(&["for 249.998s", "for 249.7s"]).unwrap(), "for ‹249.998›s");
    assert_eq!(learn(&["at 127.0.0.1:80", "at 127.0.0.7:80"]).unwrap(), "at 127.0.0.‹1›:80");
    assert_eq!(
        learn(&["set: allowed here now", "set: EACCES now"]).unwrap(),
        "set: ‹allowed here› now"
    );
    assert_eq!(learn(&["a", "a\nb"]), None);
}
