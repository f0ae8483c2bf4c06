//! A real program, walked at each of its calls.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Found, Symbols, check};
use crate::sys::{
    Command, Moment, Report, Stdio, event_message, next_report, resume, syscall_moment,
};

fn example() -> PathBuf {
    let test = std::env::current_exe().expect("/proc/self/exe");
    let target = test.parent().and_then(Path::parent).expect("target/debug");
    target.join("examples/places")
}

/// Number of the call → where the program stood, for each of its calls.
fn places() -> Option<Vec<(u64, Rc<Found>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let null = || std::fs::File::options().write(true).open("/dev/null").map(Into::into).ok();
    let stdio = Stdio { output: null(), ..Stdio::default() };
    let none: [(OsString, OsString); 0] = [];
    let first = Command::new(&example(), &[], none, None, stdio).ok()?.start().ok()?;
    let mut symbols = Symbols::new(vec![root]);
    let mut found = Vec::new();
    let mut tasks = vec![first];
    while let Some(&tid) = tasks.first() {
        tasks.rotate_left(1);
        match next_report(tid) {
            Ok(None) => std::thread::yield_now(),
            Err(_) | Ok(Some(Report::Exited(..) | Report::Killed(..))) => {
                tasks.retain(|task| *task != tid);
            }
            Ok(Some(report)) => {
                if let Report::Event(_, event) = report
                    && event != libc::PTRACE_EVENT_EXEC
                {
                    tasks.push(event_message(tid).ok()?.try_into().ok()?);
                }
                if matches!(report, Report::Call(_))
                    && let Ok(Moment::Entry { number, .. }) = syscall_moment(tid)
                {
                    found.push((number, symbols.place(first, tid)));
                }
                // One that has ended needs nothing more.
                let _ = resume(tid, 0);
            }
        }
    }
    Some(found)
}

#[test]
fn every_call_is_found_at_its_line() {
    let source = include_str!("../../examples/places.rs");
    let line = |mark: &str| {
        let at = source.lines().position(|line| line.contains(mark)).expect(mark);
        u32::try_from(at + 1).expect("a line")
    };
    let Some(found) = places() else {
        testkit::skip!("this system lets nobody trace");
    };
    let lines = |number: libc::c_long| -> Vec<Vec<u32>> {
        let own = found.iter().filter(|(n, f)| *n == number.cast_unsigned() && f.own);
        own.map(|(_, f)| f.place.stack.iter().map(|l| l.line).collect()).collect()
    };
    assert_eq!(lines(libc::SYS_bind), [[line("// bound here"), line("// called here")]]);
    assert_eq!(lines(libc::SYS_write), [[line("// written here")]]);
    let thread = lines(libc::SYS_getsockname);
    assert_eq!(thread.len(), 1);
    assert_eq!(thread[0][0], line("// in a thread"));
    // The C library's clone has no tables at its system call.
    let clone = [lines(libc::SYS_clone3), lines(libc::SYS_clone)].concat();
    assert!(clone.iter().any(|stack| stack.contains(&line("// in a thread"))), "{clone:?}");

    let bind = found.iter().find(|(n, _)| *n == libc::SYS_bind.cast_unsigned()).expect("bind");
    assert_eq!(bind.1.libc.as_deref(), Some("bind"));
    let api = bind.1.place.api.as_deref().expect("an api");
    assert!(api.contains("TcpListener") && api.contains("bind"), "{api}");
    let early = found.first().expect("a call");
    assert!(!early.1.own, "the loader's calls belong to nobody: {early:?}");
}

#[test]
fn a_program_without_lines_is_told() {
    assert_eq!(check(&example()), Ok(()));
    let told = |path: &str| check(Path::new(path)).unwrap_err().to_string();
    assert!(told("/bin/true").contains("has no line tables"), "{}", told("/bin/true"));
    assert!(told("/nonexistent").contains("No such file"), "{}", told("/nonexistent"));
    assert!(told("/etc/passwd").contains("is no program"), "{}", told("/etc/passwd"));
}
