//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;

use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day06-queue");

/// Lines with blanks of any number taken for one.
fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "a child has sent 5 messages and has ended",
        "out: \"fire\" 9, \"doctor\" 9, \"\" 1, \"milk\" 0, \"bread\" 0",
        "O_NONBLOCK: receive from the empty one: Err(EAGAIN); \
         3 times send: [Ok(()), Ok(()), Err(EAGAIN)]",
        "without it the third sender is in state S",
        "a is received: it goes on, and then bc are in the queue",
        "empty, 20 ms: mq_timedreceive: Err(ETIMEDOUT), poll: 0",
        "send 33: Err(EMSGSIZE); priority 32768: Err(EINVAL)",
        "1 byte waits, receive into 31: Err(EMSGSIZE), into 32: (\"x\", 32767)",
        "the names jobs, /a/b and /: EINVAL, EACCES, ENOENT",
        "room for 0 messages: EINVAL, for 1048576: EINVAL",
        "its name: found; made once more with O_EXCL: Err(\"EEXIST: File exists\")",
        "unlinked: Ok(()); and received: \"a letter\"; opened by name: Err(ENOENT)",
        "synchronous, a question and its answer: asked 1, done 1, asked 2, done 2, asked 3, done 3",
        "asynchronous, a queue in between: asked 1, asked 2, asked 3, done 1, done 2, done 3",
        "mq_notify by SIGUSR1; a second registration: Err(EBUSY)",
        "a message into the empty queue: 1",
        "a second one, not registered: 0",
        "a third one, registered, not empty: 0",
        "the next one into the empty queue: 1",
        "a child has put 3; a fourth: Err(EAGAIN); after a get: Ok(())",
        "out: milk, fire, bread, doctor",
        "A has seen 1 and gets the message",
        "B has seen 1 and gets EAGAIN: somebody was faster",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn the_limits_are_those_of_this_machine() {
    let told = lesson();
    for setting in ["msg_max", "msgsize_max", "queues_max"] {
        let value = fs::read_to_string(format!("/proc/sys/fs/mqueue/{setting}")).unwrap();
        let line = format!("fs.mqueue.{setting} is {}", value.trim_end());
        assert!(told.contains(&line), "{line:?} is not in\n{}", told.join("\n"));
    }
}

#[test]
fn a_user_without_bytes_is_told() {
    let done = Program::new("sh").args(["-c", "ulimit -q 100; exec \"$0\"", PROGRAM]).run();
    if done.stderr.contains("ulimit") {
        let with_bash = Program::new("bash").args(["-c", "ulimit -q 100; exec \"$0\"", PROGRAM]);
        with_bash.run().failed(1, "EMFILE");
        return;
    }
    done.failed(1, "EMFILE");
}

#[test]
fn no_name_is_left() {
    use nix::mqueue::{MQ_OFlag, mq_open};
    let running = Program::new(PROGRAM).spawn();
    let pid = running.pid();
    running.wait().succeeded();
    for what in ["order", "waits", "limits", "life", "question", "jobs", "notify", "consumers"] {
        let name = format!("/day06-{what}-{pid}");
        let found = mq_open(&*name, MQ_OFlag::O_RDONLY, nix::sys::stat::Mode::empty(), None);
        assert!(found.is_err(), "{name} is left");
    }
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["sender"]).run().failed(2, "no role is called 'sender'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(16).run().succeeded();
}
