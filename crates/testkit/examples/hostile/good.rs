//! What must pass, however odd it is.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getsid};
use testkit::exercise::{beside, name};
use testkit::leaks::Holdings;
use testkit::{peer, proc, until};
use trace::{Act, Fault, Fd};

pub(crate) fn nothing_at_all() {}

/// What a case finds when it begins.
pub(crate) fn it_is_at_home() {
    let here = std::env::current_dir().unwrap();
    assert_eq!(std::env::temp_dir(), here);
    assert_eq!(here.read_dir().unwrap().count(), 0, "{} is not empty", here.display());
    let now = Holdings::now();
    assert_eq!(now.descriptors.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(now.descriptors[&0], "/dev/null");
    assert!(now.descriptors[&1].starts_with("pipe:"), "{now:?}");
    assert_eq!((now.threads.len(), now.children.len()), (1, 0));
    assert_eq!(getsid(None), Ok(getpid()), "a session of its own");
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    // Rust's runtime ignores it. What else was ignored where the tests were started is not, of the
    // 31 that have names.
    assert_eq!(ignored & 0x7fff_ffff, 1 << (Signal::SIGPIPE as u64 - 1), "{ignored:x}");
}

/// Everything is used and put away.
pub(crate) fn tidy() {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    std::thread::spawn(|| {}).join().unwrap();
    std::fs::write("a file", "may stay").unwrap();
    let shm = std::path::Path::new("/dev/shm").join(name("tidy").trim_start_matches('/'));
    if std::fs::write(&shm, "x").is_ok() {
        std::fs::remove_file(shm).unwrap();
    }
    let socket = std::os::unix::net::UnixListener::bind("socket").unwrap();
    std::fs::remove_file("socket").unwrap();
    drop(socket);
}

/// A lower limit is the case's own affair.
pub(crate) fn own_limits() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, 3, hard).unwrap();
    assert!(std::fs::File::open("/dev/null").is_err());
}

/// It was told to end, and does so while the harness looks, which sleeps between two looks.
pub(crate) fn a_thread_that_ends_a_moment_later() {
    let main = proc::gettid();
    std::thread::spawn(move || {
        until("somebody waits for this thread", || {
            let call = proc::asleep_in(std::process::id(), main)?;
            [libc::SYS_nanosleep, libc::SYS_clock_nanosleep].contains(&call).then_some(())
        });
    });
}

pub(crate) fn skipped() {
    testkit::skip!("there is no {} here", "unicorn");
}

pub(crate) fn a_server_beside() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = beside(move || {
        for stream in listener.incoming() {
            stream.unwrap().write_all(b"hello").unwrap();
        }
    });
    let mut said = String::new();
    TcpStream::connect(address).unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "hello");
    assert!(server.runs() && server.zombies().is_empty());
    assert_eq!(server.holdings().threads.len(), 1);
    assert_eq!(proc::stat(server.pid()).unwrap().parent, std::process::id());
}

pub(crate) fn faults() -> Vec<Fault> {
    vec![Fault::on(&["@read"], Act::Short(1)).fd(Fd::Kind("socket:")).every(1)]
}

pub(crate) fn well_faulted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = peer::connect(listener.local_addr().unwrap()).unwrap();
    let mut server = listener.accept().unwrap().0;
    server.write_all(b"abc").unwrap();
    // Its read is made in the folder src, which the faults are for.
    assert_eq!(peer::ask(&client, b"abc").unwrap(), b"abc");
}
