//! The broken twin is broken in the way that it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn unjoined_stop_cuts_an_answer() {
    let done = Program::example("unjoined_stop").run();
    done.succeeded();
    let said =
        "the server: stopped with 1 inside, 0 of them cut; threads joined: 0, exit status: 0";
    assert!(done.stdout.contains(said), "{}", done.stdout);
    let got = done.stdout.split("the client reads on: ").nth(1).unwrap();
    let got: usize = got.split(' ').next().unwrap().parse().unwrap();
    assert!(got < 400, "{}", done.stdout);
}
