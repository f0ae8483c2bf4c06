//! What cannot be traced, and why, in one sentence.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::thread;

use common::{odd, options};
use testkit::sandbox::Filter;
use trace::{Error, Options, Tracer};

#[test]
fn where_tracing_is_denied_one_sentence_says_so() {
    // A filter is the thread's, and its children's.
    let error = thread::spawn(|| {
        let filter = Filter::new().refuse(libc::SYS_ptrace, nix::errno::Errno::EPERM);
        filter.install().map(|()| Tracer::start(options("fork")).map(drop).unwrap_err())
    });
    let error = match error.join().unwrap() {
        Ok(error) => error,
        Err(error) => testkit::skip!("seccomp is refused: {error}"),
    };
    assert!(matches!(error, Error::Denied(_)), "{error}");
    let sentence = "this system does not allow one process to trace another (ptrace: EPERM)";
    assert_eq!(error.to_string(), sentence);
}

/// Nobody has two tracers, and one that follows children has them first.
#[test]
fn who_traces_already_is_named() {
    needs_ptrace!();
    if std::env::var_os("TRACED").is_some() {
        let error = Tracer::start(options("fork")).map(drop).unwrap_err();
        assert!(matches!(&error, Error::Denied(denial) if denial.tracer.is_some()), "{error}");
        assert!(error.to_string().ends_with(" traces here already (ptrace: EPERM)"), "{error}");
        return;
    }
    let test = std::env::current_exe().unwrap();
    let traced = Options::new(test).args(["--exact", "who_traces_already_is_named"]);
    let mut tracer = Tracer::start(traced.env("TRACED", "1")).unwrap();
    assert_eq!(tracer.run(testkit::LIMIT, drop).unwrap(), []);
    assert_eq!(tracer.end(), Some(trace::End::Code(0)));
}

#[test]
fn a_root_that_is_not_there_is_named() {
    let error = Tracer::start(Options::new(odd()).root("/nowhere/at/all")).map(drop).unwrap_err();
    assert!(error.to_string().starts_with("realpath(/nowhere/at/all): "), "{error}");
}
