//! Segments: names, sizes, and who they end with.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

use ipc::{
    Atomic, Barrier, Deadline, Error, Event, Lock, Memory, Queue, Semaphore, Shared, SharedArray,
};
use process::{Child, Exit, fork};
use syscall::Errno;
use testkit::cases::{next_of, pipe, stay, tell};

testkit::cases!(
    children_see_what_parents_write_and_the_other_way_round,
    a_name_is_opened_with_its_exact_size_and_goes_with_its_creator,
    names_that_are_none,
    a_taken_name_is_refused_and_left_as_it_is,
    create_opens_or_creates,
    what_a_name_holds_is_checked,
    foreign_files_are_neither_opened_nor_deleted,
    it_is_gone_when_its_creator_was_killed,
    a_dead_one_is_replaced,
    it_lives_as_long_as_a_child_of_its_creator,
    a_childs_copy_does_not_remove_the_name,
    a_new_file_under_the_name_is_not_removed,
    many_create_at_once_and_one_wins,
    killed_creators_leave_no_half_segment,
    too_large_is_an_error_and_no_signal,
    everything_can_be_placed_under_a_name,
);

/// A name that no other test process uses.
fn name(what: &str) -> String {
    format!("ninedays-test-{}-{what}", std::process::id())
}

fn file(name: &str) -> PathBuf {
    Path::new("/dev/shm").join(name)
}

fn done(mut child: Child) {
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

/// A child that has created `name` and stays.
fn creator(name: &str) -> Child {
    let (reader, writer) = pipe();
    let child = fork(|| {
        let memory = Memory::create_new(name, 100).unwrap();
        memory.bytes()[99].store(7, SeqCst);
        tell(&writer, "there");
        stay()
    })
    .unwrap();
    assert_eq!(next_of(&reader), "there");
    child
}

fn children_see_what_parents_write_and_the_other_way_round() {
    let memory = Memory::anonymous(10_000).unwrap();
    assert_eq!((memory.bytes().len(), memory.name()), (10_000, None));
    memory.bytes()[0].store(1, SeqCst);
    done(
        fork(|| {
            let first = memory.bytes()[0].load(SeqCst);
            memory.bytes()[9_999].store(first + 1, SeqCst);
            0
        })
        .unwrap(),
    );
    assert_eq!(memory.bytes()[9_999].load(SeqCst), 2);
    assert_eq!(Memory::anonymous(0).unwrap_err().errno(), Errno::EINVAL);
    assert_eq!(Memory::anonymous(usize::MAX).unwrap_err().errno(), Errno::ENOMEM);
}

fn a_name_is_opened_with_its_exact_size_and_goes_with_its_creator() {
    let name = name("size");
    assert_eq!(Memory::open(&name, 100).unwrap_err().errno(), Errno::ENOENT);
    let memory = Memory::create_new(&name, 100).unwrap();
    assert_eq!(memory.name(), Some(format!("/{name}").as_str()));
    for wrong in [99, 101, 4096, 0] {
        assert_eq!(Memory::open(&name, wrong).unwrap_err(), Error::OtherLayout);
    }
    let other = Memory::open(&format!("/{name}"), 100).unwrap();
    memory.bytes()[99].store(5, SeqCst);
    drop(memory);
    assert_eq!(other.bytes()[99].load(SeqCst), 5, "who has it keeps it");
    drop(other);
    assert!(!file(&name).exists());
    assert_eq!(Memory::open(&name, 100).unwrap_err().errno(), Errno::ENOENT);
}

fn names_that_are_none() {
    for bad in ["", "/", "a/b", "//a", "a/", ".", "..", "/..", "a\0b"] {
        assert_eq!(Memory::create_new(bad, 1).unwrap_err().errno(), Errno::EINVAL, "{bad:?}");
        assert_eq!(Memory::open(bad, 1).unwrap_err().errno(), Errno::EINVAL, "{bad:?}");
    }
    let long = name(&"x".repeat(300));
    assert_eq!(Memory::create_new(&long, 1).unwrap_err().errno(), Errno::ENAMETOOLONG);
    Memory::create_new(&long[..254], 1).unwrap();
    Memory::create_new(&name("共享"), 1).unwrap();
    assert_eq!(Memory::create_new(&name("none"), 0).unwrap_err().errno(), Errno::EINVAL);
}

fn a_taken_name_is_refused_and_left_as_it_is() {
    let name = name("taken");
    let memory = Memory::create_new(&name, 100).unwrap();
    let refused = Memory::create_new(&name, 200).unwrap_err();
    assert_eq!(refused.errno(), Errno::EEXIST);
    assert!(refused.to_string().contains(&name), "{refused}");
    Memory::open(&name, 100).unwrap();
    drop(memory);
    Memory::create_new(&name, 200).unwrap();
}

fn create_opens_or_creates() {
    let name = name("create");
    let first = Memory::create(&name, 100).unwrap();
    let second = Memory::create(&name, 100).unwrap();
    assert!(first.name().is_some() && second.name().is_none());
    first.bytes()[0].store(3, SeqCst);
    assert_eq!(second.bytes()[0].load(SeqCst), 3);
    assert_eq!(Memory::create(&name, 101).unwrap_err(), Error::OtherLayout);
    drop(second);
    assert!(file(&name).exists());
}

fn what_a_name_holds_is_checked() {
    let name = name("kind");
    let _number = Shared::create_new(&name, 7_u64).unwrap();
    assert_eq!(Shared::<u64>::open(&name).unwrap().get(), Ok(7));
    assert_eq!(Shared::<u32>::open(&name).unwrap_err(), Error::OtherLayout);
    assert_eq!(Shared::<f64>::open(&name).unwrap_err(), Error::OtherLayout);
    assert_eq!(Shared::<[u64; 2]>::open(&name).unwrap_err(), Error::OtherLayout);
    assert_eq!(Semaphore::open(&name).unwrap_err(), Error::OtherLayout);
    assert_eq!(Memory::open(&name, 8).unwrap_err(), Error::OtherLayout);
    assert_eq!(Queue::open(&name).unwrap_err().errno(), Errno::EINVAL);
    let three = self::name("three");
    let _three = SharedArray::create_new(&three, &[1_u64, 2, 3]).unwrap();
    assert_eq!(Shared::<u64>::open(&three).unwrap_err(), Error::OtherLayout);
    assert_eq!(SharedArray::<u64>::open(&three).unwrap().len(), 3);
}

/// A name in /dev/shm that another program has made, with as many bytes as it likes.
fn foreign_files_are_neither_opened_nor_deleted() {
    for len in [0, 3, 8, 384, 10_000] {
        let name = name("foreign");
        fs::write(file(&name), vec![b'x'; len]).unwrap();
        assert_eq!(Memory::open(&name, 100).unwrap_err(), Error::OtherLayout, "{len}");
        assert_eq!(Semaphore::open(&name).unwrap_err(), Error::OtherLayout, "{len}");
        assert_eq!(Memory::create_new(&name, 100).unwrap_err().errno(), Errno::EEXIST, "{len}");
        assert_eq!(fs::read(file(&name)).unwrap().len(), len);
        fs::remove_file(file(&name)).unwrap();
    }
    // One of ours that somebody has cut.
    let name = name("cut");
    let memory = Memory::create_new(&name, 10_000).unwrap();
    fs::OpenOptions::new().write(true).open(file(&name)).unwrap().set_len(5_000).unwrap();
    for len in (4_000..5_000).chain([10_000]) {
        assert_eq!(Memory::open(&name, len).unwrap_err(), Error::OtherLayout);
    }
    drop(memory);
    assert!(!file(&name).exists());
}

fn it_is_gone_when_its_creator_was_killed() {
    let name = name("killed");
    let creator = creator(&name);
    let memory = Memory::open(&name, 100).unwrap();
    creator.kill().unwrap();
    drop(creator);
    assert!(file(&name).exists(), "nothing in Linux deletes it");
    assert_eq!(Memory::open(&name, 100).unwrap_err().errno(), Errno::ENOENT);
    assert!(!file(&name).exists(), "whoever looks does");
    assert_eq!(memory.bytes()[99].load(SeqCst), 7);
}

fn a_dead_one_is_replaced() {
    let name = name("replaced");
    drop(creator(&name));
    assert!(file(&name).exists());
    let memory = Memory::create_new(&name, 50).unwrap();
    assert_eq!(Memory::open(&name, 50).unwrap().bytes()[49].load(SeqCst), 0);
    drop(memory);
    assert!(!file(&name).exists());
}

fn it_lives_as_long_as_a_child_of_its_creator() {
    let name = name("family");
    let (reader, writer) = pipe();
    let (gate, opener) = pipe();
    let parent = fork(|| {
        let _memory = Memory::create_new(&name, 1).unwrap();
        let child = fork(|| {
            tell(&writer, "there");
            next_of(&gate);
            0
        });
        child.unwrap().leave();
        stay()
    })
    .unwrap();
    drop(writer);
    assert_eq!(next_of(&reader), "there");
    drop(parent);
    Memory::open(&name, 1).unwrap();
    assert_eq!(Memory::create_new(&name, 1).unwrap_err().errno(), Errno::EEXIST);
    // Its end is the end of the pipe.
    tell(&opener, "end");
    assert_eq!(next_of(&reader), "");
    testkit::until("the child's descriptors are closed", || {
        Memory::open(&name, 1).is_err_and(|e| e.errno() == Errno::ENOENT).then_some(())
    });
}

fn a_childs_copy_does_not_remove_the_name() {
    let name = name("copy");
    let memory = Memory::create_new(&name, 1).unwrap();
    done(
        fork(move || {
            drop(memory);
            0
        })
        .unwrap(),
    );
    // The closure was dropped in this process as well, and this one is the creator.
    assert!(!file(&name).exists());
    let memory = Memory::create_new(&name, 1).unwrap();
    done(
        fork(|| {
            // SAFETY: the child ends without dropping the original.
            drop(unsafe { std::ptr::read(&raw const memory) });
            0
        })
        .unwrap(),
    );
    assert!(file(&name).exists());
    Memory::open(&name, 1).unwrap();
}

fn a_new_file_under_the_name_is_not_removed() {
    let name = name("new");
    let old = Memory::create_new(&name, 1).unwrap();
    fs::remove_file(file(&name)).unwrap();
    let new = Memory::create_new(&name, 2).unwrap();
    drop(old);
    Memory::open(&name, 2).unwrap();
    drop(new);
}

fn many_create_at_once_and_one_wins() {
    let name = name("race");
    for _ in 0..20 {
        // Each round begins over a dead one.
        drop(creator(&name));
        let (start, wins) = (Barrier::new(4).unwrap(), Atomic::new(AtomicU32::new(0)).unwrap());
        let racers = (0..4).map(|_| {
            let race = || {
                start.wait(Deadline::Never).unwrap();
                let memory = Memory::create_new(&name, 1);
                if memory.is_ok() {
                    wins.fetch_add(1, SeqCst);
                }
                // The winner stays until all have tried.
                start.wait(Deadline::Never).unwrap();
                0
            };
            fork(race).unwrap()
        });
        racers.collect::<Vec<_>>().into_iter().for_each(done);
        assert_eq!(wins.load(SeqCst), 1);
        assert!(!file(&name).exists());
    }
}

fn killed_creators_leave_no_half_segment() {
    let name = name("half");
    for round in 0..200 {
        let ready = Semaphore::new(0).unwrap();
        let child = fork(|| {
            ready.release().unwrap();
            loop {
                drop(Queue::create_new(&name, 10, 100).unwrap());
            }
        })
        .unwrap();
        ready.acquire().forget();
        (0..round * 500).for_each(|_| std::hint::spin_loop());
        drop(child);
        // Dead in any case, and what a name means is whole in any case.
        assert_eq!(Queue::open(&name).unwrap_err().errno(), Errno::ENOENT);
        assert!(!file(&name).exists());
    }
}

fn too_large_is_an_error_and_no_signal() {
    let name = name("large");
    let error = Memory::create_new(&name, 1 << 50).unwrap_err();
    assert!([Errno::ENOSPC, Errno::EFBIG, Errno::ENOMEM].contains(&error.errno()), "{error}");
    assert!(!file(&name).exists());
}

fn everything_can_be_placed_under_a_name() {
    let name = |what| name(what);
    let lock = Lock::create_new(&name("lock"), [1_i32, 2]).unwrap();
    let semaphore = Semaphore::create_new(&name("semaphore"), 2).unwrap();
    let bounded = Semaphore::create_new_bounded(&name("bounded"), 2).unwrap();
    let event = Event::create_new(&name("event")).unwrap();
    let barrier = Barrier::create_new(&name("barrier"), 2).unwrap();
    let queue = Queue::create_new(&name("queue"), 10, 100).unwrap();
    let atomic = Atomic::create_new(&name("atomic"), AtomicU32::new(1)).unwrap();
    let (limit, capacity) = (queue.limit(), queue.capacity());
    let me = std::process::id();
    let child = fork(move || {
        let name = |what| format!("ninedays-test-{me}-{what}");
        Lock::<[i32; 2]>::open(&name("lock")).unwrap().lock().unwrap().guard()[1] = 5;
        Semaphore::open(&name("semaphore")).unwrap().acquire().forget();
        let bounded = Semaphore::open(&name("bounded")).unwrap();
        assert_eq!(bounded.release(), Err(Error::TooManyReleases { limit: 2 }));
        Event::open(&name("event")).unwrap().set();
        let queue = Queue::open(&name("queue")).unwrap();
        assert_eq!((queue.limit(), queue.capacity()), (limit, capacity));
        queue.put(b"by name", Deadline::Now).unwrap();
        Atomic::<AtomicU32>::open(&name("atomic")).unwrap().fetch_add(1, SeqCst);
        Barrier::open(&name("barrier")).unwrap().wait(Deadline::Never).unwrap();
        0
    })
    .unwrap();
    barrier.wait(Deadline::Never).unwrap();
    assert_eq!(*lock.lock().unwrap().clean().unwrap(), [1, 5]);
    assert_eq!((semaphore.value(), bounded.value()), (1, 2));
    assert!(event.is_set());
    assert_eq!(queue.get(Deadline::Now).unwrap(), b"by name");
    assert_eq!(atomic.load(SeqCst), 2);
    done(child);
    drop((lock, semaphore, bounded, event, barrier, queue, atomic));
    let left = fs::read_dir("/dev/shm").unwrap();
    let ours = format!("ninedays-test-{me}-");
    let left =
        left.filter(|e| e.as_ref().unwrap().file_name().to_str().unwrap().starts_with(&ours));
    assert_eq!(left.count(), 0);
}
