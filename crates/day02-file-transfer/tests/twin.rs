//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn eof_as_length_takes_half_a_file_for_a_whole_one() {
    let done = Program::example("eof_as_length").run();
    done.succeeded();
    for part in [
        "1000000 bytes announced, 500000 sent, killed",
        "received \"half\", 500000 bytes",
        "on the disk: \"half\", 500000 bytes",
    ] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}
