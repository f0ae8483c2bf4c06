//! A disk without room for the access log: served on, and what is lost is counted and told.

use testkit::until;

use crate::counter;
use crate::peer::Peer;
use crate::server::Server;

#[test]
fn a_full_disk_costs_lines_of_the_log() {
    for model in ["iterative", "fork", "thread", "pool", "epoll"] {
        let server =
            Server::with(&["--model", model, "--metrics", "/metrics", "--access-log", "/dev/full"]);
        let mut peer = Peer::to(server.at);
        for _ in 0..200 {
            peer.gets("/a.txt", b"hello");
        }
        drop(peer);
        until("they are counted", || {
            (counter(server.at, "http_log_lines_lost_total") >= 200).then_some(())
        });
        // A child that writes itself cannot tell the first line from the second.
        if model != "fork" {
            let failures = || {
                let said = server.running.stderr();
                said.matches("event=access_log_fails why=\"No space left").count()
            };
            until("it is told", || (failures() > 0).then_some(()));
            assert_eq!(failures(), 1);
        }
        server.ends();
    }
}
