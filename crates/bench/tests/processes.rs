//! The benchmark runs to its end and names everything. No time is looked at: this machine is busy
//! with other tests.

use testkit::Program;

fn processes() -> Program {
    Program::new(env!("CARGO_BIN_EXE_processes"))
}

#[test]
fn quick_names_all_cases() {
    let finished = processes().args(["--quick"]).run();
    finished.succeeded();
    for case in ["start and join", "pipe, 64 B and back", "semaphore", "queue, 64 B"] {
        let row = |line: &str| line.starts_with(case) && line.contains("  calls");
        assert!(finished.stdout.lines().any(row), "no row of {case}: {}", finished.stdout);
    }
    let has_python = !finished.stdout.contains("there is no python3");
    let rows = finished.stdout.lines().filter(|line| line.contains("  Python")).count();
    assert_eq!(rows, if has_python { 5 } else { 0 }, "{}", finished.stdout);
}

#[test]
fn without_python_it_says_so() {
    let finished = processes().args(["--quick"]).env("PATH", "/nonexistent").run();
    finished.succeeded();
    assert_eq!(finished.stdout.matches("SKIPPED").count(), 5, "{}", finished.stdout);
    assert!(finished.stdout.contains("pool, tiny tasks: nothing to compare with"));
}

#[test]
fn help_and_mistakes() {
    let finished = processes().args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--check"));
    processes().args(["--fast"]).run().failed(2, "'--fast'");
}
