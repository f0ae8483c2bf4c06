//! Where tracing works: as nobody, in a container, beside other tracers; and what is said where it
//! does not. What is seen there is what is seen elsewhere.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use common::{odd, options, output, sequence, steps_of};
use testkit::sandbox::Filter;
use testkit::{Program, need, skip};
use trace::{Recording, Step, Tracer};

/// Forks, threads, signals and sockets: one of each.
const ODD: [&str; 6] = ["fork", "echo", "handled", "thread_exec", "vectors", "crash"];

/// `record PROGRAM ARGS`, from where everybody may be.
fn recorder(args: &[&str]) -> Program {
    Program::example("record").args(args).in_dir(Path::new("/"))
}

/// What `odd NAME` does, seen by a recorder in some place.
fn recorded(name: &str, place: impl Fn(Program) -> Program) -> Recording {
    let odd = odd();
    let done = place(recorder(&[odd.to_str().unwrap(), name])).run();
    done.succeeded();
    Recording::read(done.stdout.as_bytes()).unwrap()
}

/// Who does what on which line. Not how a thread is made: glibc asks for clone3, and for clone
/// where a container does not know it.
fn story(recording: &Recording) -> Vec<String> {
    let is_clone = |step: &&Step| step.call.as_ref().is_some_and(|it| it.name.starts_with("clone"));
    let steps = recording.steps.iter().filter(|step| !is_clone(step));
    sequence(&steps.cloned().collect::<Vec<_>>())
}

/// What each descriptor has been, in the end: a packet that is on its way is seen by one step or by
/// the next.
fn seen(recording: &Recording) -> BTreeMap<String, String> {
    let changes = recording.steps.iter().flat_map(|step| &step.changes);
    let descriptors = changes.filter_map(|change| match change {
        trace::Change::Descriptor(pid, fd, descriptor) => {
            Some((format!("{pid} {fd}"), format!("{descriptor:?}")))
        }
        _ => None,
    });
    descriptors.collect()
}

/// The same steps; and the same kernel state, where all of it can be seen. Elsewhere is under a
/// filter, too, one that refuses nothing: a program inherits from the way in which it is started
/// which of glibc's own signals are ignored, and std starts differently where it has more to do.
#[track_caller]
fn as_elsewhere(sees_all: bool, place: impl Fn(Program) -> Program) {
    for name in ODD {
        let here = recorded(name, |it| it.filtered(&Filter::new()));
        let there = recorded(name, &place);
        assert!(here.steps.len() > 3, "{name}");
        assert_eq!(story(&here), story(&there), "{name}");
        if sees_all {
            assert_eq!(seen(&here), seen(&there), "{name}");
        } else {
            let known = there.steps.iter().any(|step| !step.changes.is_empty());
            assert!(known, "{name}: nothing of the kernel's state");
        }
    }
}

/// Ends the test, aloud, where nobody can run the recorder and look at its source.
macro_rules! needs_place {
    ($place:expr) => {
        needs_ptrace!();
        let place = $place;
        if let Err(reason) = place(recorder(&["/bin/true"])).can_start() {
            skip!("{reason}");
        }
        let first = place(recorder(&["/bin/true"])).run();
        if first.stderr.starts_with("realpath(") {
            skip!("the source cannot be seen from there: {}", first.stderr.trim_end());
        }
    };
}

#[test]
fn as_a_user_without_any_capability() {
    needs_place!(Program::as_nobody);
    as_elsewhere(true, Program::as_nobody);
}

/// Without pidfd_getfd the queues of pipes stay unknown, and nothing else is different.
#[test]
fn under_dockers_default_filter() {
    let docker = |it: Program| it.filtered(&Filter::docker());
    needs_place!(docker);
    as_elsewhere(false, docker);
}

#[test]
fn as_a_user_without_any_capability_under_dockers_default_filter() {
    let both = |it: Program| it.as_nobody().filtered(&Filter::docker());
    needs_place!(both);
    as_elsewhere(false, both);
}

#[test]
fn where_memory_is_read_through_proc() {
    let filter = Filter::new().refuse(libc::SYS_process_vm_readv, nix::errno::Errno::EPERM);
    let closed = |it: Program| it.filtered(&filter);
    needs_place!(closed);
    as_elsewhere(true, closed);
}

#[test]
fn eight_in_the_threads_of_one_process() {
    needs_ptrace!();
    let alone = steps_of(Tracer::start(options("fork")).unwrap());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let steps = steps_of(Tracer::start(options("fork")).unwrap());
                assert_eq!(sequence(&steps), sequence(&alone));
                assert_eq!(output(&steps), output(&alone));
            });
        }
    });
}

#[test]
fn eight_in_processes_of_their_own() {
    needs_ptrace!();
    let odd = odd();
    let alone = story(&recorded("echo", |it| it));
    let all = [(); 8].map(|()| recorder(&[odd.to_str().unwrap(), "echo"]).spawn());
    for one in all {
        let done = one.wait();
        done.succeeded();
        assert_eq!(story(&Recording::read(done.stdout.as_bytes()).unwrap()), alone);
    }
}

/// Root still sees everything. Others see nothing of it from there on, and it ends as it does
/// without a tracer.
#[test]
fn a_program_that_lets_nobody_look_goes_on() {
    needs_place!(Program::as_nobody);
    let shy = Program::example("shy").path().to_str().unwrap().to_owned();
    for place in [|it| it, Program::as_nobody] {
        let done = place(recorder(&[&shy])).run();
        done.succeeded();
        let recording = Recording::read(done.stdout.as_bytes()).unwrap();
        let texts = recording.steps.iter().filter_map(|step| step.output.as_ref());
        let said: String = texts.map(|output| output.text.as_str()).collect();
        assert_eq!(said, "before and behind\n");
        assert_eq!(common::end(&recording.steps), Some(trace::End::Code(0)));
    }
}

/// One tracer at a time: a sentence, and neither silence nor waiting.
#[test]
fn inside_another_tracer_one_sentence_says_so() {
    needs_ptrace!();
    if need::program("strace").is_none() {
        skip!("there is no strace");
    }
    let record = Program::example("record").path().to_owned();
    let done = Program::new("strace").args(["-f", "-qq", "-o", "/dev/null"]);
    let done = done.args([record, odd().into(), "fork".into()]).run();
    done.failed(1, "strace traces here already");
}
