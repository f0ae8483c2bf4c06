//! What needs a process of its own: mounts, limits, and that nothing is left over.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::{self, File};
use std::os::fd::{AsFd as _, AsRawFd as _};

use common::{Scene, Way, text, ways};
use jail::Error;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::mount::{MsFlags, mount};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigHandler, Signal, signal};
use syscall::Errno;
use testkit::{sandbox, skip};

/// What is mounted in the folder belongs to it, but for the links of /proc that are no paths.
fn mounts_are_inside_and_the_links_of_proc_are_not() {
    let scene = Scene::new();
    fs::create_dir(scene.jail("proc")).unwrap();
    if let Err(reason) = mounted(&scene) {
        skip!("{reason}");
    }
    fs::write(scene.jail("sub/file"), "inside").unwrap();
    let held = File::open(scene.outside("secret")).unwrap();
    let held = format!("proc/self/fd/{}", held.as_raw_fd());
    ways(|way| {
        let dir = scene.dir();
        assert_eq!(text(&dir, "sub/file").as_deref(), Ok("inside"));
        assert_eq!(text(&dir, "sub/b"), Err(Error::NotFound));
        let me = std::process::id();
        let links = [
            held.clone(),
            held.replace("self", &me.to_string()),
            format!("proc/{me}/root/etc/passwd"),
        ];
        for name in links {
            match (way, text(&dir, &name)) {
                (Way::Kernel, found) => assert_eq!(found, Err(Error::Outside), "{name}"),
                (_, Err(Error::Outside | Error::NotFound)) => {}
                (_, found) => panic!("{name}: {found:?}"),
            }
        }
        // A file of /proc is an ordinary one as far as stat(2) can tell.
        assert!(dir.file(format!("proc/{me}/stat").as_bytes()).is_ok());
    });
}

/// A tmpfs on `sub`, and /proc on `proc`, for this process alone.
fn mounted(scene: &Scene) -> Result<(), String> {
    sandbox::own_mounts()?;
    sandbox::tmpfs(&scene.jail("sub"), "size=64k")?;
    let none: Option<&str> = None;
    let bind = MsFlags::MS_BIND | MsFlags::MS_REC;
    mount(Some("/proc"), &scene.jail("proc"), none, bind, none)
        .map_err(|errno| format!("no bind mount: {errno}"))
}

/// The harness compares this process's descriptors before and after.
fn descriptors_are_closed_and_not_inherited() {
    let scene = Scene::new();
    scene.link("out", "/");
    ways(|_| {
        let dir = scene.dir();
        let (file, _) = dir.file(b"sub/b").unwrap();
        let sub = dir.directory(b"sub").unwrap();
        for fd in [dir.as_fd(), sub.as_fd(), file.as_fd()] {
            assert_eq!(fcntl(fd, FcntlArg::F_GETFD).unwrap(), FdFlag::FD_CLOEXEC.bits());
        }
        for name in [&b"sub"[..], b"out/etc", b"none/none", b"sub/.."] {
            dir.file(name).unwrap_err();
        }
        assert_eq!(dir.entries().unwrap().iter().filter(|it| it.name != b"out").count(), 2);
    });
}

fn without_descriptors_nothing_is_found_and_that_is_said() {
    let scene = Scene::new();
    ways(|_| {
        let dir = scene.dir();
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        let used = File::open("/dev/null").unwrap().as_raw_fd();
        let limited = |left: u64, work: &dyn Fn() -> jail::Result<()>| {
            let most = u64::from(used.unsigned_abs()) + left;
            setrlimit(Resource::RLIMIT_NOFILE, most, hard).unwrap();
            let failed = work().unwrap_err();
            setrlimit(Resource::RLIMIT_NOFILE, soft, hard).unwrap();
            let Error::Call(error) = failed else { panic!("{failed}") };
            assert_eq!(error.errno(), Errno::EMFILE);
        };
        limited(0, &|| dir.file(b"a").map(drop));
        limited(0, &|| dir.entries().map(drop));
        // Enough to look, not enough to open.
        limited(1, &|| dir.file(b"a").map(drop));
    });
}

/// Without O_NONBLOCK, open(2) would wait up to 45 s (/proc/sys/fs/lease-break-time).
fn a_lease_is_not_waited_for() {
    // SAFETY: the signal that tells of the lease's end is ignored, no handler runs.
    unsafe { signal(Signal::SIGIO, SigHandler::SigIgn) }.unwrap();
    let scene = Scene::new();
    let holder = File::options().write(true).open(scene.jail("a")).unwrap();
    // SAFETY: F_SETLEASE takes an integer.
    let lease = unsafe { libc::fcntl(holder.as_raw_fd(), libc::F_SETLEASE, libc::F_WRLCK) };
    if let Err(errno) = Errno::result(lease) {
        skip!("no lease: {errno}");
    }
    let error = scene.dir().file(b"a").unwrap_err();
    let Error::Call(error) = error else { panic!("{error}") };
    assert_eq!(error.errno(), Errno::EWOULDBLOCK);
    drop(holder);
    assert!(scene.dir().file(b"a").is_ok());
}

testkit::cases!(
    mounts_are_inside_and_the_links_of_proc_are_not,
    descriptors_are_closed_and_not_inherited,
    without_descriptors_nothing_is_found_and_that_is_said,
    a_lease_is_not_waited_for,
);
