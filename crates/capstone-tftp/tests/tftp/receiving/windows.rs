//! RFC 7440 section 4.

use super::Stage;

/// RFC 7440 section 4: an ACK for each window.
#[test]
fn windows() {
    let mut stage = Stage::window(4);
    assert_eq!(stage.blocks(1..=8), "4 8");
    assert_eq!(stage.data(9, 0), "9");
}

/// RFC 7440 section 4: a gap is reported at once, once.
#[test]
fn a_gap() {
    let mut stage = Stage::window(4);
    assert_eq!(stage.blocks([1, 3]), "1");
    assert_eq!(stage.blocks([4]), "");
    // From there the sender goes on, and a window is counted from there.
    assert_eq!(stage.blocks([2, 3, 4]), "");
    assert_eq!(stage.blocks([5]), "5");
    // Another gap.
    assert_eq!(stage.blocks([7, 8]), "5");
    assert_eq!(stage.blocks([6, 7, 8, 9]), "9");
    assert_eq!(stage.got.len(), 72);
}

/// RFC 7440 section 4: what came of a window is acknowledged when the time is over.
#[test]
fn the_end_of_a_window_is_lost() {
    let mut stage = Stage::window(4);
    assert_eq!(stage.blocks([1, 2, 3]), "");
    assert_eq!(stage.waits(), "3");
    assert_eq!(stage.blocks([4, 5, 6, 7]), "7");
}

/// An ACK that was lost is said again when the window comes again, and then only once: any more, or
/// for another block, and two windows would be under way for ever.
#[test]
fn a_repeated_window() {
    let mut stage = Stage::window(4);
    assert_eq!(stage.blocks(1..=4), "4");
    assert_eq!(stage.blocks(1..=4), "4");
    assert_eq!(stage.blocks([5, 6]), "");
    // Something newer has come since: the sender must have heard.
    assert_eq!(stage.blocks([3, 4, 5, 6]), "");
    assert_eq!(stage.blocks([7, 8]), "8");
}
