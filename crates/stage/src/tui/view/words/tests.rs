//! Text that fits.

use super::*;

#[test]
fn a_text_that_is_too_long_says_so() {
    for (text, columns, clipped) in [
        ("accept", 6, "accept"),
        ("accept", 5, "acce…"),
        ("一次一个", 8, "一次一个"),
        ("一次一个", 7, "一次一…"),
        ("一次一个", 6, "一次…"),
        ("accept", 0, ""),
    ] {
        assert_eq!(clip(text, columns), clipped);
        assert!(width(clipped) <= columns);
    }
}

#[test]
fn words_stay_whole_where_they_can() {
    assert_eq!(wrap("who sleeps where", 10), ["who sleeps", "where"]);
    assert_eq!(wrap("sendto(3,\"aaaaaaaa\")", 10), ["sendto(3,", "\"aaaaaaaa\"", ")"]);
    assert_eq!(wrap("x ONE|TWO|THREE|FOUR", 10), ["x ONE|TWO|", "THREE|FOUR"]);
    assert_eq!(
        wrap("in the 接受连接的时候别人 time", 10),
        ["in the 接", "受连接的时", "候别人", "time"]
    );
    assert_eq!(wrap("", 10), [""]);
    assert_eq!(wrap_in("one two three four", 5, 2), ["one", "two …"]);
}

#[test]
fn what_a_call_has_given_is_never_cut_off() {
    let text = "write(1, \"a long text without any end\", 28) = 28";
    let lines = wrap_before(text, ") = 28", 20, 2);
    assert_eq!(lines, ["write(1, \"a long", "text without …) = 28"]);
    assert_eq!(wrap_before("poll() = 1", ") = 1", 20, 2), ["poll() = 1"]);
    assert!(wrap_before(text, ") = 28", 3, 1).len() == 1);
}

#[test]
fn output_is_broken_behind_words_and_loses_no_blank() {
    let text = "  two blanks, and a wordthatisverylong";
    let lines = fold(text, 12);
    assert_eq!(lines.concat(), text);
    assert_eq!(lines, ["  two blanks", ", and a ", "wordthatisve", "rylong"]);
}

#[test]
fn a_window_holds_what_it_is_for() {
    for length in 0..20 {
        for at in 0..length {
            for height in 1..10 {
                let from = window(at, length, height);
                assert!(from <= at && at < from + height, "{at} of {length} in {height}");
                assert!(from == 0 || from + height <= length);
            }
        }
    }
}
