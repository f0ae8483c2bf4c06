//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn unlink_first_steals_an_address_and_deletes_a_file() {
    let done = Program::example("unlink_first").run();
    done.succeeded();
    assert_eq!(
        done.stdout,
        "a living server is there: the new one gets Ok\n  \
         a client connects: old server false, new server true\n\
         a server that has gone: the new one gets Ok\n\
         a file that is no socket: the new one gets Ok, kept: false\n"
    );
}
