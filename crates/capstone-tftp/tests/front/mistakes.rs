//! Mistakes are one sentence and status 2; `--help` has examples.

use crate::common::{Here, Server, tftp};

#[test]
fn help_has_examples() {
    for args in [&["--help"][..], &["serve", "--help"], &["client", "--help"], &["get", "--help"]] {
        let finished = tftp(args).run();
        finished.succeeded();
        assert!(finished.stdout.contains("Examples:\n  capstone-tftp serve"), "{finished:#?}");
    }
}

#[test]
fn mistakes_are_one_sentence() {
    let here = Here::new();
    for (args, wrong) in [
        (&[][..], "requires a subcommand"),
        (&["server"], "unrecognized subcommand 'server'"),
        (&["serve"], "were not provided: <DIR>"),
        (&["serve", "."], "needs --tcp ADDR, --udp ADDR or both"),
        (&["serve", ".", "--tcp", "6970"], "'6970' has no port"),
        (&["serve", ".", "--tcp", "127.0.0.1:0", "--model", "poll"], "iterative, fork, thread"),
        (&["serve", ".", "--overwrite", "--read-only"], "cannot be used with"),
        (&["serve", ".", "--workers", "0"], "0 is not in 1..=256"),
        (&["list"], "were not provided: <ADDR>"),
        (&["list", "localhost"], "'localhost' has no port"),
        (&["get", "127.0.0.1:1"], "were not provided: <NAME>"),
        (&["get", "127.0.0.1:1", "a", "b", "c"], "unexpected argument 'c'"),
        (&["get", "127.0.0.1:1", "a", "--blksize", "512"], "not provided: --udp"),
        (&["get", "--udp", "--blksize", "7", "127.0.0.1:1", "a"], "7 is not in 8..=65464"),
        (&["put", "127.0.0.1:1"], "were not provided: <LOCAL>"),
        (&["client", "127.0.0.1:1", "--patience", "0"], "0.001 to 3600 seconds"),
    ] {
        here.run(args).failed(2, wrong);
    }
}

#[test]
fn what_is_not_there_is_named() {
    let here = Here::new();
    here.run(&["serve", "nowhere", "--tcp", "127.0.0.1:0"]).failed(1, "nowhere");
    std::fs::write(here.path("file"), "").unwrap();
    here.run(&["serve", "file", "--tcp", "127.0.0.1:0"]).failed(1, "ENOTDIR");
    // A port that is nobody's.
    let server = Server::start();
    let address = server.address();
    server.end();
    here.run(&["list", &address, "--retries", "0"]).failed(1, "ECONNREFUSED");
}
