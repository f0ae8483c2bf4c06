//! The benchmark runs to its end and names everything. No time is looked at: this machine is busy
//! with other tests.

use testkit::Program;

fn tracing() -> Program {
    Program::new(env!("CARGO_BIN_EXE_tracing"))
}

/// Ends the test, aloud, where tracing is denied.
macro_rules! needs_ptrace {
    () => {
        let started = trace::Tracer::start(trace::Options::new("/proc/self/exe").arg("--list"));
        if let Err(denied @ trace::Error::Denied(_)) = started {
            testkit::skip!("{denied}");
        }
    };
}

#[test]
fn quick_names_all_work_in_all_ways() {
    needs_ptrace!();
    let finished = tracing().args(["--quick"]).run();
    finished.succeeded();
    let has_strace = !finished.stdout.contains("SKIPPED strace -f:");
    for work in ["pread of one byte", "pipe, to a thread and back", "gettid, not told"] {
        for way in ["bare", "full speed", "steps", "stage", "strace -f"] {
            let row = |line: &str| line.starts_with(work) && line.contains(&format!("  {way}  "));
            let wanted = has_strace || !way.starts_with("strace");
            let found = finished.stdout.lines().any(row);
            assert_eq!(found, wanted, "{work} by {way}: {}", finished.stdout);
        }
    }
}

#[test]
fn without_strace_it_says_so() {
    needs_ptrace!();
    let finished = tracing().args(["--quick"]).env("PATH", "/nonexistent").run();
    finished.succeeded();
    assert_eq!(finished.stdout.matches("SKIPPED strace").count(), 2, "{}", finished.stdout);
    assert_eq!(finished.stdout.matches(" of bare, at most ").count(), 9, "{}", finished.stdout);
}

#[test]
fn help_and_mistakes() {
    let finished = tracing().args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--check"));
    tracing().args(["--fast"]).run().failed(2, "'--fast'");
    tracing().args(["--work", "sleep", "1"]).run().failed(2, "no such work");
}
