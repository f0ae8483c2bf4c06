//! Everything but sockets.

use std::fs::{self, File};
use std::io::{PipeReader, Read as _, Write as _, pipe};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::fs::OpenOptionsExt as _;

use nix::fcntl::{FcntlArg, Flock, FlockArg, OFlag, fcntl};
use nix::mqueue::{MQ_OFlag, MqAttr, mq_close, mq_open, mq_send, mq_unlink};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::stat::Mode;
use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};
use testkit::pty::Pty;

use super::{me, object, of};
use crate::kernel::look;
use crate::pid::Pid;
use crate::state::{Lock, LockKind, Object};

#[test]
fn a_file_has_its_path_and_its_offset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a name with (blanks)");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"hello").unwrap();
    let name = path.display().to_string();
    assert_eq!(object(&file), Object::File { path: name.clone(), offset: 5 });
    fs::remove_file(&path).unwrap();
    assert_eq!(object(&file), Object::File { path: format!("{name} (deleted)"), offset: 5 });
    let null = File::open("/dev/null").unwrap();
    assert_eq!(object(&null), Object::File { path: "/dev/null".into(), offset: 0 });
}

#[test]
fn flags_are_those_of_the_descriptor_and_of_the_description() {
    let (reader, writer) = pipe().unwrap();
    let (first, second) = (of(&reader), of(&writer));
    assert!(first.close_on_exec && !first.nonblocking);
    assert!(second.close_on_exec && !second.nonblocking);
    fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
    let copy = nix::unistd::dup(&reader).unwrap();
    assert!(of(&reader).nonblocking && of(&reader).close_on_exec);
    assert!(of(&copy).nonblocking && !of(&copy).close_on_exec);
    assert!(!of(&writer).nonblocking);
}

#[test]
fn a_pipe_has_two_ends_and_tells_how_full_it_is() {
    needs_duplicates!();
    let (mut reader, mut writer) = pipe().unwrap();
    let size = fcntl(&writer, FcntlArg::F_SETPIPE_SZ(4096)).unwrap();
    writer.write_all(b"seven!!").unwrap();
    for (end, is_writer) in [(reader.as_fd(), false), (writer.as_fd(), true)] {
        let Object::Pipe { inode, path, writes, queued, capacity } = object(end) else { panic!() };
        let link = fs::read_link(format!("/proc/self/fd/{}", end.as_raw_fd())).unwrap();
        assert_eq!(link.to_str(), Some(format!("pipe:[{inode}]").as_str()));
        assert_eq!((path, writes, queued), (None, is_writer, Some(7)));
        assert_eq!(capacity, u64::try_from(size).ok());
    }
    reader.read_exact(&mut [0; 3]).unwrap();
    assert!(matches!(object(&writer), Object::Pipe { queued: Some(4), .. }));
}

#[test]
fn a_fifo_is_a_pipe_with_a_name() {
    needs_duplicates!();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo");
    nix::unistd::mkfifo(&path, Mode::S_IRWXU).unwrap();
    let nonblocking = libc::O_NONBLOCK;
    let reader = File::options().read(true).custom_flags(nonblocking).open(&path).unwrap();
    let mut writer = File::options().write(true).open(&path).unwrap();
    writer.write_all(b"abc").unwrap();
    for (end, is_writer) in [(&reader, false), (&writer, true)] {
        let Object::Pipe { path: name, writes, queued, .. } = object(end) else { panic!() };
        assert_eq!(name.as_deref(), path.to_str());
        assert_eq!((writes, queued), (is_writer, Some(3)));
    }
}

#[test]
fn locks_are_with_the_descriptions_that_hold_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked");
    let open = || File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let whole = Flock::lock(open().unwrap(), FlockArg::LockShared).unwrap();
    let (ofd, posix) = (open().unwrap(), open().unwrap());
    let range = |start: i64, length: i64| libc::flock {
        l_type: 1, // F_WRLCK, which libc has in three widths.
        l_whence: 0,
        l_start: start,
        l_len: length,
        l_pid: 0,
    };
    fcntl(&ofd, FcntlArg::F_OFD_SETLK(&range(5, 10))).unwrap();
    fcntl(&posix, FcntlArg::F_SETLK(&range(100, 0))).unwrap();
    let own = Lock { kind: LockKind::Posix, exclusive: true, start: 100, end: None };
    let flock = Lock { kind: LockKind::Flock, exclusive: false, start: 0, end: None };
    let description = Lock { kind: LockKind::Ofd, exclusive: true, start: 5, end: Some(14) };
    assert_eq!(of(&posix).locks, [own]);
    assert_eq!(of(&ofd).locks, [description]);
    assert_eq!(of(&*whole).locks, [flock]);
    drop(whole.unlock());
    // A copy is the same description; another open of the same file is none of its business.
    assert_eq!(of(nix::unistd::dup(&ofd).unwrap()).locks, of(&ofd).locks);
    assert_eq!(of(open().unwrap()).locks, []);
}

#[test]
fn counters_sets_and_timers_show_what_is_in_them() {
    let event = EventFd::from_value_and_flags(30, EfdFlags::EFD_NONBLOCK).unwrap();
    assert_eq!(object(&event), Object::Event { count: 30 });
    event.write(1).unwrap();
    assert_eq!(object(&event), Object::Event { count: 31 });

    let signals: SigSet = [Signal::SIGUSR1, Signal::SIGCHLD].into_iter().collect();
    let signals = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC).unwrap();
    assert_eq!(object(&signals), Object::Signals { mask: 1 << 9 | 1 << 16 });

    let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, TimerFlags::TFD_CLOEXEC).unwrap();
    assert_eq!(object(&timer), Object::Timer);

    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).unwrap();
    assert_eq!(object(&epoll.0), Object::Epoll { watches: [].into() });
    let edge = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
    epoll.add(&event, EpollEvent::new(edge, 1)).unwrap();
    epoll.add(&timer, EpollEvent::new(EpollFlags::EPOLLOUT, u64::MAX)).unwrap();
    // The kernel adds EPOLLERR and EPOLLHUP to what is asked for.
    let always = EpollFlags::EPOLLERR | EpollFlags::EPOLLHUP;
    let events = |flags: EpollFlags| (flags | always).bits().cast_unsigned();
    let watches = [
        (event.as_fd().as_raw_fd(), events(edge)),
        (timer.as_fd().as_raw_fd(), events(EpollFlags::EPOLLOUT)),
    ];
    assert_eq!(object(&epoll.0), Object::Epoll { watches: watches.into() });
}

#[test]
fn a_message_queue_has_its_name_and_its_messages() {
    needs_duplicates!();
    let name = format!("/trace-kernel-{}", me());
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
    let attributes = MqAttr::new(0, 5, 16, 0);
    let queue = match mq_open(name.as_str(), flags, Mode::S_IRWXU, Some(&attributes)) {
        Ok(queue) => queue,
        Err(errno) => testkit::skip!("no message queues here: {errno}"),
    };
    mq_send(&queue, b"one", 0).unwrap();
    mq_send(&queue, b"two", 0).unwrap();
    let expected = Object::Queue { name: name.clone(), queued: Some(2), capacity: Some(5) };
    assert_eq!(object(&queue), expected);
    mq_unlink(name.as_str()).unwrap();
    assert_eq!(object(&queue), expected);
    mq_close(queue).unwrap();
}

#[test]
fn a_terminal_and_what_has_no_word() {
    let Ok(pty) = Pty::open() else { testkit::skip!("this machine gives no terminals") };
    let state = look(&[me()], |_| false);
    let all = &state.processes[&Pid::Number(me())].descriptors;
    // Both sides of it, whoever else has terminals here.
    assert!(all.values().filter(|fd| fd.object == Object::Terminal).count() >= 2);
    drop(pty);

    let flags = nix::sys::inotify::InitFlags::IN_CLOEXEC;
    let inotify = nix::sys::inotify::Inotify::init(flags).unwrap();
    assert_eq!(object(&inotify), Object::Other("anon_inode:inotify".into()));
}

#[test]
fn looking_changes_nothing_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = File::create(folder.path().join("file")).unwrap();
    file.write_all(b"12345").unwrap();
    let (reader, mut writer): (PipeReader, _) = pipe().unwrap();
    writer.write_all(b"x").unwrap();
    let count = || fs::read_dir("/proc/self/fd").unwrap().count();
    let (before, first) = (count(), [of(&file), of(&reader), of(&writer)]);
    for _ in 0..200 {
        assert_eq!([of(&file), of(&reader), of(&writer)], first);
    }
    // Other tests open something at the same time, but not hundreds.
    assert!(count() < before + 200, "{before} descriptors have become {}", count());
}
