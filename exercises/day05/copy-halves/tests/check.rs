//! The order of two processes is nobody's, so the test makes one: at the fork (pthread_atfork(3))
//! it holds back the child until its parent waits for it, or the parent until its child has ended.
//! In the same place a child is killed, or finds the disk full.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::time::Duration;

use copy_halves::{copy_halves, copy_range, halves};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};
use testkit::{equal, proc, step, until};

testkit::exercise! {
    t1_two_halves_are_the_whole,
    t2_a_range_in_the_middle,
    t3_a_range_above_4_gib,
    t4_a_range_that_is_not_there: cpu(Duration::from_secs(2)),
    t5_no_room_for_all_of_it,
    t6_the_offset_belongs_to_both,
    t7_every_size_in_both_orders: limit(Duration::from_secs(30)),
    t8_each_copies_its_half,
    t9_a_half_that_fails,
    t10_a_file_that_is_there_already,
}

const GIB: u64 = 1 << 30;

fn t1_two_halves_are_the_whole() {
    for size in [0, 1, 2, 3, 4095, 4097, (3 << 20) + 1, 5 * GIB + 1, u64::MAX] {
        let [first, second] = halves(size);
        assert!(
            (first.start, second.end) == (0, size) && first.end == second.start,
            "the halves of {size} bytes are {first:?} and {second:?}: the first one begins at 0, the \
             second one where the first one ends, and that ends with the file, at {size}. What is in \
             neither of them is never copied"
        );
        let (one, other) = (first.end - first.start, second.end - second.start);
        assert!(
            one.abs_diff(other) <= 1,
            "the halves of {size} bytes are {first:?} and {second:?}: {one} bytes and {other} bytes"
        );
    }
}

fn t2_a_range_in_the_middle() {
    let content = pattern(200_000);
    let (from, to) = two_files(&content, &[b'.'; 200_000]);
    let range = 70_001..150_003;
    copied(copy_range(&from, &to, range.start as u64..range.end as u64));
    let mut wanted = vec![b'.'; 200_000];
    wanted[range.clone()].copy_from_slice(&content[range.clone()]);
    let got = fs::read("to").unwrap();
    let wrong = (0..wanted.len()).find(|&at| got.get(at) != Some(&wanted[at]));
    assert!(
        wrong.is_none(),
        "byte {} of the target is wrong, when {range:?} was copied: the bytes of the range go to \
         where they were, and outside of it the other process is at work",
        wrong.unwrap_or_default()
    );
}

fn t3_a_range_above_4_gib() {
    let (from, to) = two_files(b"the beginning", b"");
    let end = 5 * GIB + 1;
    if let Err(error) = from.set_len(end).and_then(|()| to.set_len(end)) {
        step!("no file of 5 GiB here, not even one that is a hole: {error}");
        return;
    }
    from.write_all_at(b"last", end - 4).unwrap();
    from.write_all_at(b"WRAP", end - 4 - 4 * GIB).unwrap();
    step!("two files of 5 GiB + 1 bytes, which are holes, and 4 letters at the end of one");
    copied(copy_range(&from, &to, end - 4..end));
    let mut letters = [0; 4];
    to.read_exact_at(&mut letters, end - 4).unwrap();
    equal!(
        String::from_utf8_lossy(&letters).replace('\0', "0"),
        "last",
        "the last 4 bytes: an offset in a file has 64 bits (off_t), and one of 32 bits begins again \
         at 4 GiB"
    );
}

fn t4_a_range_that_is_not_there() {
    let (from, to) = two_files(b"seven!!", b"");
    step!("the source has 7 bytes (somebody has shortened it), and 4..12 is asked for");
    match copy_range(&from, &to, 4..12) {
        Ok(()) => panic!(
            "copy_range() returned Ok, and 5 of the 8 bytes are not there: at the end of a file \
             pread(2) returns 0, or what was left of it, and whoever does not count takes a shorter \
             file for a copy"
        ),
        Err(error) => equal!(
            error.kind(),
            ErrorKind::UnexpectedEof,
            "the kind of the error, when the file has ended before the range has"
        ),
    }
}

fn t5_no_room_for_all_of_it() {
    let (from, to) = two_files(&pattern(150), b"");
    let room = Room::of(100);
    step!("no file may become longer than 100 bytes (RLIMIT_FSIZE), as if the disk were full");
    let result = copy_range(&from, &to, 0..150);
    drop(room);
    let size = to.metadata().unwrap().len();
    assert!(
        result.is_err(),
        "copy_range() returned Ok, and {size} of 150 bytes are in the target: a write may take less \
         than it was given, and returns how much. Only the next one, for the rest, says why \
         (write(2), RETURN VALUE)"
    );
}

fn t6_the_offset_belongs_to_both() {
    let content = pattern(10_000);
    let (mut from, mut to) = two_files(&content, &[0; 10_000]);
    from.seek(SeekFrom::Start(7)).unwrap();
    to.seek(SeekFrom::Start(3)).unwrap();
    // SAFETY: a test is a process of its own, with one thread.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            let done = copy_range(&from, &to, 5_000..10_000);
            testkit::exercise::leave(i32::from(done.is_err()));
        }
        ForkResult::Parent { child } => drop(waitpid(child, None).unwrap()),
    }
    step!("two files were opened, then a child was forked and has called copy_range(5000..10000)");
    let offsets =
        [("from", from.stream_position().unwrap(), 7), ("to", to.stream_position().unwrap(), 3)];
    for (name, now, before) in offsets {
        assert!(
            now == before,
            "the parent's offset in `{name}` was {before}, and is {now} now, which the child has done: \
             fork(2) copies a descriptor, and so does try_clone (dup(2)), but all copies stand for \
             one open file, and the offset belongs to that. Of two who seek and then read, one reads \
             where the other one has just seeked to"
        );
    }
    let got = fs::read("to").unwrap();
    equal!(got[5_000..] == content[5_000..], true, "whether the child's range has arrived");
}

fn t7_every_size_in_both_orders() {
    for size in [0, 1, 2, 4095, 4097, (3 << 20) + 1] {
        for order in [HOLD_THE_CHILD, HOLD_THE_PARENT] {
            let when = if order == HOLD_THE_CHILD {
                "the child began when the parent was asleep"
            } else {
                "the parent went on when the child had ended"
            };
            let content = pattern(size);
            let seen = Copy::of(&content, order);
            equal!(seen.result, Ok(size as u64), "copy_halves() of {size} bytes ({when})");
            let got = fs::read("to").unwrap_or_default();
            if got != content {
                panic!("of {size} bytes, {} ({when})", difference(&got, &content, &seen));
            }
        }
        step!("{size} bytes, in both orders");
    }
}

fn t8_each_copies_its_half() {
    let content = pattern(3 * 4096 + 1);
    let seen = Copy::of(&content, HOLD_THE_CHILD);
    assert!(
        seen.forks == 1,
        "{} processes were forked, and there are two halves: one of them is for the process that has \
         been called, the other one for its child",
        seen.forks
    );
    if let Some((first, second)) = seen.halves {
        assert!(
            first,
            "the parent sleeps until its child has ended, and the first half is not there: whoever \
             waits for the child before his own work does not work at the same time"
        );
        assert!(!second, "the second half was there before the child had done anything");
    }
    let seen = Copy::of(&content, HOLD_THE_PARENT);
    if let Some((first, second)) = seen.halves {
        assert!(
            second && !first,
            "the child has ended, the parent has not gone on yet: the second half is {}, the first \
             half is {}. The second half is the child's, and the first one is not",
            there(second),
            there(first)
        );
    }
}

fn t9_a_half_that_fails() {
    let content = pattern(3 * 4096 + 1);
    for (event, what, why) in [
        (
            KILL_THE_CHILD,
            "SIGKILL has ended the child before it copied a byte",
            "a child that was killed has no exit status (waitpid(2), WIFSIGNALED), and this is no \
             good end",
        ),
        (
            FULL_FOR_THE_CHILD,
            "there was no room for what the child wrote (EFBIG)",
            "an error in the child is in the child's memory. To its parent it can tell a number \
             with _exit(2), and somebody must look at that number",
        ),
        (
            FULL_FOR_THE_PARENT,
            "there was no room for what the parent wrote (EFBIG), and the child has copied its half",
            "one half is no copy",
        ),
    ] {
        let seen = Copy::of(&content, event);
        assert!(seen.forks > 0, "copy_halves() has forked no child: one process has copied it all");
        assert!(
            seen.result.is_err(),
            "{what}, and copy_halves() returned {:?}: {why}",
            seen.result
        );
        assert!(
            !Path::new("to").exists(),
            "{what}, copy_halves() returned {:?}, and the file is still there: with its name and \
             perhaps its length it looks like a copy to everybody who comes later",
            seen.result
        );
        step!("{what}: an error, and no file");
    }
}

fn t10_a_file_that_is_there_already() {
    fs::write("from", "new").unwrap();
    fs::write("to", "what somebody else has written").unwrap();
    let results = [("to", copied_kind("from", "to")), ("from", copied_kind("from", "from"))];
    for (to, result) in results {
        let text = fs::read_to_string(to).map_err(|error| error.kind());
        let was = if to == "to" { "what somebody else has written" } else { "new" };
        equal!(
            text.as_deref(),
            Ok(was),
            "what is in the file \"{to}\", which was there before it was to be the target (of a copy \
             of \"from\"): O_TRUNC has emptied it, or somebody has cleaned up what was not his own"
        );
        equal!(result, Err(ErrorKind::AlreadyExists), "copy_halves() onto a file that exists");
    }
    let result = copied_kind("nowhere", "new");
    equal!(result, Err(ErrorKind::NotFound), "copy_halves() of a file that is not there");
    assert!(!Path::new("new").exists(), "a copy of nothing was left behind: an empty file");
}

fn copied_kind(from: &str, to: &str) -> Result<u64, ErrorKind> {
    copy_halves(Path::new(from), Path::new(to)).map_err(|error| error.kind())
}

/// What is wrong with a copy, in the order in which one would look.
fn difference(got: &[u8], wanted: &[u8], seen: &Copy) -> String {
    let [first, second] = halves(wanted.len() as u64)
        .map(|half| wanted.get(half.start as usize..half.end as usize).unwrap_or_default());
    if !first.is_empty() && got == [second, first].concat() {
        return "the second half stands in front of the first one: with O_APPEND every write goes to \
                the end of the file, also that of pwrite(2) (see there, BUGS), and who comes first \
                is first"
            .into();
    }
    let both = [first, second].map(|half| !half.is_empty() && contains(got, half));
    if let Some((had_first, had_second)) = seen.halves
        && ((had_first && !both[0] && !first.is_empty()) || (had_second && !both[1]))
    {
        return format!(
            "the {} half was in the file, and is gone, now that the other process has done its work \
             as well. That has opened the file with O_TRUNC, which throws away what is in it: a file \
             is made once",
            if had_first { "first" } else { "second" }
        );
    }
    let at = (0..wanted.len()).find(|&at| got.get(at) != Some(&wanted[at])).unwrap_or_default();
    format!(
        "{} are in the copy, and byte {at} is the first one that is wrong. It is in the {} half",
        got.len(),
        if at < first.len() { "first" } else { "second" }
    )
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn there(yes: bool) -> &'static str {
    if yes { "there" } else { "not there" }
}

/// No two pages of it are equal, and no byte is 0.
fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at % 251) as u8 + 1).collect()
}

fn two_files(from: &[u8], to: &[u8]) -> (File, File) {
    let file = |name: &str, content: &[u8]| {
        let mut file = File::options().read(true).write(true).create_new(true).open(name).unwrap();
        file.write_all(content).unwrap();
        file.rewind().unwrap();
        file
    };
    (file("from", from), file("to", to))
}

fn copied(result: io::Result<()>) {
    result.unwrap_or_else(|error| panic!("copy_range() failed: {error:?}"));
}

/// No file may grow beyond this, until it is dropped. A write that would is cut short, and then
/// fails (setrlimit(2), RLIMIT_FSIZE).
struct Room;

impl Room {
    fn of(bytes: u64) -> Self {
        // SAFETY: no handler is installed. The signal's default would end the process.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        limit(bytes);
        Self
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        limit(u64::MAX);
    }
}

fn limit(bytes: u64) {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the answer goes to memory of our own.
    unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) };
    limit.rlim_cur = bytes.min(limit.rlim_max);
    // SAFETY: the kernel reads it only.
    unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) };
}

/// What was done at the fork, and seen there.
struct Copy {
    result: Result<u64, ErrorKind>,
    forks: u32,
    /// Whether the first half was in the target, and the second, when one of the two processes had
    /// done its work and the other one had not begun. Unknown when they have waited for each other.
    halves: Option<(bool, bool)>,
}

impl Copy {
    /// Copies a file with this content, and lets `event` happen at the fork.
    fn of(content: &[u8], event: u8) -> Self {
        static HANDLERS: Once = Once::new();
        // SAFETY: three functions that stay.
        HANDLERS.call_once(|| unsafe {
            libc::pthread_atfork(None, Some(in_the_parent), Some(in_the_child));
            // The child looks where its parent sleeps. Where nobody watches over this, it fails.
            libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY);
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        });
        for name in ["from", "to", "halves"] {
            let _ = fs::remove_file(name);
        }
        fs::write("from", content).unwrap();
        TEST.store(std::process::id(), Ordering::Relaxed);
        EVENT.store(event, Ordering::Relaxed);
        let result = copy_halves(Path::new("from"), Path::new("to"));
        EVENT.store(NOTHING, Ordering::Relaxed);
        limit(u64::MAX);
        let halves = fs::read("halves").ok().map(|bytes| (bytes[0] == b'1', bytes[1] == b'1'));
        let forks = FORKS.swap(0, Ordering::Relaxed);
        Self { result: result.map_err(|error| error.kind()), forks, halves }
    }
}

const NOTHING: u8 = 0;
const HOLD_THE_CHILD: u8 = 1;
const HOLD_THE_PARENT: u8 = 2;
const KILL_THE_CHILD: u8 = 3;
const FULL_FOR_THE_CHILD: u8 = 4;
const FULL_FOR_THE_PARENT: u8 = 5;

static EVENT: AtomicU8 = AtomicU8::new(NOTHING);
static TEST: AtomicU32 = AtomicU32::new(0);
static FORKS: AtomicU32 = AtomicU32::new(0);

extern "C" fn in_the_child() {
    let (event, test) = (EVENT.load(Ordering::Relaxed), TEST.load(Ordering::Relaxed));
    if event == NOTHING || std::os::unix::process::parent_id() != test {
        return;
    }
    match event {
        HOLD_THE_CHILD => {
            let call = until("the parent sleeps", || {
                let asleep = proc::stat(test).is_none_or(|stat| stat.state == 'S');
                asleep.then(|| proc::asleep_in(test, test))
            });
            if call.is_some_and(|call| [libc::SYS_wait4, libc::SYS_waitid].contains(&call)) {
                note_the_halves();
            }
        }
        // SAFETY: a number.
        KILL_THE_CHILD => drop(unsafe { libc::raise(libc::SIGKILL) }),
        FULL_FOR_THE_CHILD => limit(0),
        _ => {}
    }
}

extern "C" fn in_the_parent() {
    let (event, us) = (EVENT.load(Ordering::Relaxed), std::process::id());
    if event == NOTHING || us != TEST.load(Ordering::Relaxed) {
        return;
    }
    FORKS.fetch_add(1, Ordering::Relaxed);
    if ![HOLD_THE_PARENT, FULL_FOR_THE_PARENT].contains(&event) {
        return;
    }
    // Or sleeps, because it waits for a word of its parent.
    let states = until("the child has ended", || {
        let all = proc::pids().into_iter().filter_map(proc::stat);
        let states = all.filter(|stat| stat.parent == us).map(|stat| stat.state);
        let states: Vec<char> = states.collect();
        states.iter().all(|state| "ZS".contains(*state)).then_some(states)
    });
    if event == FULL_FOR_THE_PARENT {
        limit(0);
    } else if states.iter().all(|state| *state == 'Z') {
        note_the_halves();
    }
}

/// What of the two halves is in the target now.
fn note_the_halves() {
    let (from, to) = (fs::read("from").unwrap_or_default(), fs::read("to").unwrap_or_default());
    let middle = from.len() / 2;
    let is_there = |range: std::ops::Range<usize>| {
        !range.is_empty() && to.get(range.clone()).is_some_and(|there| *there == from[range])
    };
    // A byte in the middle may be either's.
    let halves = [is_there(0..middle), is_there(middle + 1..from.len())];
    let _ = fs::write("halves", halves.map(|yes| if yes { b'1' } else { b'0' }));
}
