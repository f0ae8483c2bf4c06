//! The broken twins are broken in the way that they say.

use testkit::Program;

#[test]
fn parent_keeps_connection_and_the_client_sees_no_end() {
    let done = Program::example("parent_keeps_connection").run();
    done.succeeded();
    for line in [
        "the child has ended, 1 reaped, 0 left",
        "the parent has 2 sockets: the listener, and the connection",
        "no end of the stream within 500 ms",
        "the parent is killed: read gives 0, the end",
    ] {
        assert!(done.stdout.lines().any(|said| said == line), "{line}\n{}", done.stdout);
    }
}

#[test]
fn one_slow_client_keeps_all_others_out() {
    let done = Program::example("one_slow_client").run();
    done.succeeded();
    for line in [
        "the slow client is inside, the server has 2 threads",
        "meanwhile it got 100 answers, and stays",
        "two others have connected and asked: 2 in the backlog",
        "no answer for them within 300 ms: true",
        "the slow client leaves: both are answered, one after the other",
    ] {
        assert!(done.stdout.lines().any(|said| said == line), "{line}\n{}", done.stdout);
    }
}
