//! The broken twins are broken in the way that they say.

use testkit::Program;

#[test]
fn double_output_writes_its_buffer_twice() {
    let done = Program::example("double_output").run();
    done.succeeded();
    assert_eq!(done.stdout, "printed once before fork, in the pipe: 2 times, 27 bytes\n");
    let done = Program::example("double_output").args(["print"]).run();
    done.succeeded();
    assert_eq!(done.stdout, "before child\nbefore parent\n");
}

#[test]
fn shared_offset_reads_on_where_the_child_has_ended() {
    let done = Program::example("shared_offset").run();
    done.succeeded();
    assert!(done.stdout.contains("a file: child 0123, parent 4567\n"), "{}", done.stdout);
}
