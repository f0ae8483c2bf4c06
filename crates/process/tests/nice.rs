//! Niceness. Each case has a process of its own: the way back is closed.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use nix::errno::Errno;
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::getpid;
use process::procfs::Stat;
use process::{Deadline, Exit, fork, nice};
use testkit::skip;

testkit::cases!(
    it_is_relative_and_clamped,
    minus_one_is_a_niceness_and_no_error,
    the_way_back_is_closed_without_privilege,
    children_inherit_it,
);

fn it_is_relative_and_clamped() {
    let before = nice::get().unwrap();
    let shown = || Stat::of(getpid()).unwrap().nice;
    assert_eq!(shown(), before);
    assert_eq!(nice::add(0).unwrap(), before);
    assert_eq!(nice::add(3).unwrap(), (before + 3).min(19));
    assert_eq!(nice::add(4).unwrap(), (before + 7).min(19));
    assert_eq!((nice::get().unwrap(), shown()), ((before + 7).min(19), (before + 7).min(19)));
    assert_eq!(nice::add(100).unwrap(), nice::MAX);
    assert_eq!(nice::add(i32::MAX).unwrap(), nice::MAX);
    assert_eq!((nice::get().unwrap(), shown()), (19, 19));
}

fn minus_one_is_a_niceness_and_no_error() {
    if let Err(error) = nice::add(-1 - nice::get().unwrap()) {
        skip!("becoming less nice is not allowed here: {error}");
    }
    // What an earlier failure has left in errno must not be taken for one of this call.
    Errno::EPERM.set();
    assert_eq!(nice::get(), Ok(-1));
    assert_eq!(nice::add(-1), Ok(-2));
    assert_eq!(nice::add(1), Ok(-1));
    assert_eq!(nice::add(i32::MIN), Ok(nice::MIN));
    assert_eq!(nice::get(), Ok(-20));
}

fn the_way_back_is_closed_without_privilege() {
    let mut child = fork(|| {
        setrlimit(Resource::RLIMIT_NICE, 0, 0).unwrap();
        // SAFETY: setresuid(2) takes integers; this process has one thread.
        if unsafe { libc::setresuid(65534, 65534, 65534) } != 0 && nice::add(-1).is_ok() {
            return 1;
        }
        nice::add(1).unwrap();
        let refused = nice::add(-1).unwrap_err();
        assert_eq!((refused.call(), refused.errno()), ("setpriority", Errno::EACCES));
        0
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn children_inherit_it() {
    let wanted = nice::add(2).unwrap();
    let mut child = fork(|| nice::get().unwrap()).unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(wanted & 0xff)));
}
