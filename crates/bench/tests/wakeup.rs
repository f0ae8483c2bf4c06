//! The benchmark runs to its end and names everything. No time is looked at: this machine is busy
//! with other tests.

use testkit::Program;

fn wakeup() -> Program {
    Program::new(env!("CARGO_BIN_EXE_wakeup"))
}

#[test]
fn quick_names_all_back_ends() {
    let finished = wakeup().args(["--quick"]).run();
    finished.succeeded();
    for name in ["select", "poll", "epoll", "mio"] {
        let row = |line: &str| line.split_whitespace().next() == Some(name);
        assert!(finished.stdout.lines().any(row), "no row of {name}: {}", finished.stdout);
    }
    assert!(finished.stdout.contains("epoll is flat"), "{}", finished.stdout);
}

#[test]
fn a_low_limit_of_descriptors_is_told() {
    let finished = wakeup().args(["--quick"]).max_files(1200).run();
    finished.succeeded();
    assert!(finished.stdout.contains("SKIPPED 10,000 idle"), "{}", finished.stdout);
    assert!(finished.stdout.contains("1,000 idle, active: end"), "{}", finished.stdout);

    wakeup().args(["--quick"]).max_files(50).run().failed(1, "no room for 110 descriptors");
}

#[test]
fn help_and_mistakes() {
    let finished = wakeup().args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--check"));
    wakeup().args(["--fast"]).run().failed(2, "'--fast'");
}
