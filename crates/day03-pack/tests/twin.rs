//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn native_order_sends_other_numbers_and_another_size() {
    let done = Program::example("native_order").run();
    done.succeeded();
    let lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines[0], "sent:     id 1, name 'ab', level 1.5");
    // On a big-endian machine the order is right by chance, and only the padding is left.
    if cfg!(target_endian = "little") {
        let got = "received: id 16777216, name 'ab', level ";
        assert!(lines[1].starts_with(got) && !lines[1].ends_with(" 1.5"), "{lines:?}");
        assert_eq!(
            lines[3],
            "received: [99, 0, 0, 0, 2, 1, 0, 0]: a record has 5 bytes, and 8 have come"
        );
    }
    assert!(lines[3].ends_with("a record has 5 bytes, and 8 have come"), "{lines:?}");
    assert!(!lines[4].ends_with("number 258"), "{lines:?}");
}
