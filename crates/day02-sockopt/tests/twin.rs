//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn udp_steal_gives_every_datagram_to_the_second_server() {
    let done = Program::example("udp_steal").run();
    done.succeeded();
    assert!(done.stdout.contains("the second server: bind works"), "{}", done.stdout);
    let end = "3 datagrams sent: the first server got 0, the second 3\n";
    assert!(done.stdout.ends_with(end), "{}", done.stdout);
}
