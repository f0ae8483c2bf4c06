//! The leak check, in a test binary of its own and in one test: it counts for the whole process.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::panic::catch_unwind;
use std::process::{Command, Stdio};

use testkit::leaks;

#[test]
fn descriptors_threads_and_children_are_named() {
    assert_eq!(leaks::none(|| 7), 7);
    leaks::none(|| drop(std::fs::File::open("/dev/null").unwrap()));
    leaks::none(|| Command::new("true").status().unwrap());

    let (file, said) = leaked(|| std::fs::File::open("/dev/null").unwrap());
    assert!(said.contains("descriptor ") && said.contains("/dev/null, was left over"), "{said}");
    drop(file);

    let (stop, wait) = std::sync::mpsc::channel::<()>();
    let (thread, said) = leaked(move || {
        let builder = std::thread::Builder::new().name("forgotten".into());
        let thread = builder.spawn(move || wait.recv()).unwrap();
        // A thread takes its name after it was started.
        testkit::until("it has its name", || {
            let mut tasks = testkit::proc::tasks(std::process::id()).into_iter();
            tasks.find(|&task| testkit::proc::stat(task).is_some_and(|s| s.name == "forgotten"))
        });
        thread
    });
    assert!(said.contains("thread ") && said.contains("forgotten, was left over"), "{said}");
    drop(stop);
    thread.join().unwrap().unwrap_err();

    // Ended and never waited for: a zombie.
    let (mut child, said) = leaked(|| {
        let child = Command::new("true").stdin(Stdio::null()).spawn().unwrap();
        testkit::until("it has ended", || {
            testkit::proc::stat(child.id()).filter(|stat| stat.state == 'Z')
        });
        child
    });
    assert!(said.contains("child ") && said.contains("true (state Z), was left over"), "{said}");
    child.wait().unwrap();
    leaks::none(|| {});
}

/// What `leaks::none` says, and what was leaked, so that it can be put away.
fn leaked<T: Send + 'static>(leak: impl FnOnce() -> T + std::marker::Send) -> (T, String) {
    let mut kept = None;
    let check = std::panic::AssertUnwindSafe(|| leaks::none(|| kept = Some(leak())));
    let payload = catch_unwind(check).expect_err("it must be noticed");
    (kept.unwrap(), payload.downcast_ref::<String>().unwrap().clone())
}
