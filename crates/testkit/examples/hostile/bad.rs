//! What must fail, be told for what it is, and leave nothing.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill, killpg, raise};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, dup2_stdout, fork, getpgid, getpid, getppid, pause, setsid};
use testkit::exercise::{beside, leave, name};
use testkit::{peer, proc, step, until};
use trace::{Act, Fault, Fd};

/// Should the harness fail, the bombs end by themselves.
const FUSE: Duration = Duration::from_secs(30);

fn child(work: impl FnOnce()) -> Pid {
    // SAFETY: a case is a process of its own, with one thread.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => child,
        ForkResult::Child => {
            work();
            leave(0)
        }
    }
}

pub(crate) fn a_loop() {
    step!("it begins");
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number.wrapping_mul(3));
    }
}

pub(crate) fn no_processor() {
    a_loop();
}

/// 100 children that fork on and on, each one child at a time: never more than 200 processes, which
/// is all that a bomb in a test may cost the machine.
pub(crate) fn a_bomb() {
    let start = Instant::now();
    for _ in 0..100 {
        child(|| {
            while start.elapsed() < FUSE {
                let one = child(|| {});
                let _ = waitpid(one, None);
            }
        });
    }
    pause();
}

/// Everyone lives for a moment only, in a session of its own, and is gone before anybody has
/// looked: always one more. Not as fast as it could be: the machine has other things to do, and
/// only so many numbers for processes.
pub(crate) fn a_bomb_that_runs_away() {
    let start = Instant::now();
    for _ in 0..5 {
        child(|| {
            while start.elapsed() < FUSE {
                std::thread::sleep(Duration::from_millis(5));
                let _ = setsid();
                // SAFETY: one thread, as above.
                if matches!(unsafe { fork() }, Ok(ForkResult::Parent { .. })) {
                    leave(0);
                }
            }
        });
    }
    pause();
}

pub(crate) fn gigabytes() {
    let line = vec![b'x'; 64 * 1024];
    io::stdout().write_all(b"the first words\n").unwrap();
    for _ in 0..(2 << 30) / line.len() {
        io::stdout().write_all(&line).unwrap();
    }
    io::stdout().write_all(b"\nthe last words\n").unwrap();
    panic!("now look at it");
}

pub(crate) fn a_child_panics() {
    // SAFETY: one thread, as above.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => drop(waitpid(child, None)),
        ForkResult::Child => panic!("in the child"),
    }
}

pub(crate) fn a_child_returns() {
    // SAFETY: one thread, as above.
    if let ForkResult::Parent { child } = unsafe { fork() }.unwrap() {
        let _ = waitpid(child, None);
    }
}

/// What a forking server does whose child forgets to end.
pub(crate) fn a_servers_child_returns() {
    let server = beside(a_child_returns);
    let _ = server.join();
}

pub(crate) fn exit_in_the_middle() {
    std::process::exit(0);
}

pub(crate) fn a_background_process() {
    drop(Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().unwrap());
}

/// setsid and a second fork: nobody's child, in a session of its own.
pub(crate) fn a_daemon() {
    let middle = child(|| {
        setsid().unwrap();
        child(|| drop(Command::new("sleep").arg("1000").status()));
    });
    waitpid(middle, None).unwrap();
}

pub(crate) fn a_thread() {
    thread::spawn(|| thread::sleep(Duration::from_secs(1000)));
}

pub(crate) fn a_panic_in_a_thread() {
    thread::Builder::new()
        .name("worker".into())
        .spawn(|| panic!("far away"))
        .unwrap()
        .join()
        .unwrap();
}

pub(crate) fn a_closed_output() {
    // SAFETY: no pointers. Nothing here writes to it any more.
    unsafe { libc::close(1) };
}

pub(crate) fn a_replaced_output() {
    dup2_stdout(File::open("/dev/null").unwrap()).unwrap();
}

pub(crate) fn all_descriptors() {
    // SAFETY: no pointers. What std holds open is a matter of this very test.
    unsafe { libc::syscall(libc::SYS_close_range, 0, u32::MAX, 0) };
}

pub(crate) fn its_own_group() {
    kill(Pid::from_raw(0), Signal::SIGKILL).unwrap();
}

pub(crate) fn the_harness() {
    kill(getppid(), Signal::SIGKILL).unwrap();
    pause();
}

pub(crate) fn the_parents_group() {
    let group = getpgid(Some(getppid())).unwrap();
    assert_eq!(group, getppid(), "the harness has no group of its own: that would hit others");
    killpg(group, Signal::SIGKILL).unwrap();
    pause();
}

pub(crate) fn a_stopped_harness() {
    kill(getppid(), Signal::SIGSTOP).unwrap();
    pause();
}

/// With no signal at all, so that it is harmless where nothing prevents it.
pub(crate) fn everybody() {
    let _ = kill(Pid::from_raw(-1), None);
}

pub(crate) fn low_limits() {
    for limit in [
        Resource::RLIMIT_NOFILE,
        Resource::RLIMIT_FSIZE,
        Resource::RLIMIT_NPROC,
        Resource::RLIMIT_STACK,
    ] {
        setrlimit(limit, 0, 0).unwrap();
    }
    panic!("with limits of nothing");
}

pub(crate) fn no_memory() {
    setrlimit(Resource::RLIMIT_AS, 1 << 20, 1 << 20).unwrap();
    drop(vec![1_u8; 100 << 20]);
}

pub(crate) fn a_stop() {
    raise(Signal::SIGSTOP).unwrap();
}

pub(crate) fn a_full_folder() {
    let mebibyte = vec![0; 1 << 20];
    for number in 0.. {
        let mut file = File::create(format!("file {number}")).unwrap();
        for _ in 0..16 {
            file.write_all(&mebibyte).unwrap();
        }
    }
}

pub(crate) fn a_leak() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    std::mem::forget((listener, stream, io::pipe().unwrap(), File::open("/etc/passwd").unwrap()));
}

pub(crate) fn a_zombie() {
    let pid = child(|| {}).as_raw().unsigned_abs();
    until("it has ended", || proc::stat(pid).filter(|stat| stat.state == 'Z'));
}

pub(crate) fn a_socket_file() {
    drop(UnixListener::bind("echo.sock").unwrap());
}

pub(crate) fn ipc_names() {
    let file = name("memory");
    std::fs::write(format!("/dev/shm{file}"), "x").unwrap();
    let queue = std::ffi::CString::new(name("queue")).unwrap();
    let flags = libc::O_CREAT | libc::O_RDWR;
    let none = std::ptr::null::<libc::mq_attr>();
    // SAFETY: a string with its NUL; with O_CREAT a mode and attributes are read, which may be null.
    let queue = unsafe { libc::mq_open(queue.as_ptr(), flags, 0o600, none) };
    assert!(queue >= 0, "{}", io::Error::last_os_error());
    // SAFETY: no pointers; nobody else knows of it.
    unsafe { libc::mq_close(queue) };
}

pub(crate) fn a_deadlock() {
    let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
    let both = Arc::new(Barrier::new(2));
    let one = |first: usize| {
        let (locks, both) = (Arc::clone(&locks), Arc::clone(&both));
        move || {
            let _first = locks[first].lock().unwrap();
            both.wait();
            drop(locks[1 - first].lock().unwrap());
        }
    };
    let other = thread::spawn(one(0));
    one(1)();
    other.join().unwrap();
}

/// The classic: the reader waits for an end that cannot come, since it could still write itself.
pub(crate) fn hangs_in_a_child() {
    let (mut reader, writer) = io::pipe().unwrap();
    let reads = child(|| {
        let mut all = Vec::new();
        reader.read_to_end(&mut all).unwrap();
    });
    drop(writer);
    waitpid(reads, None).unwrap();
}

pub(crate) fn a_todo() {
    todo!()
}

/// A server that is not written yet, and the client that waits for it.
pub(crate) fn a_todo_beside() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let _server = beside(move || -> () {
        let _listener = listener;
        todo!()
    });
    let client = peer::connect(address).unwrap();
    assert_eq!(peer::half_close(&client).unwrap(), b"hello", "what the server says");
}

pub(crate) fn a_hidden_error() {
    let error = io::Error::from_raw_os_error(libc::EADDRINUSE);
    Err::<(), _>(error).unwrap();
}

pub(crate) fn a_server_dies() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let _server = beside(move || {
        drop(listener.accept());
        panic!("no more of this");
    });
    let client = peer::connect(address).unwrap();
    assert_eq!(peer::half_close(&client).unwrap(), b"hello", "what the server says");
}

/// As `serve(listener)?` ends where one client's error is taken for the server's.
pub(crate) fn a_server_returns() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let _server = beside(move || {
        drop(listener.accept());
        Err::<(), _>(io::Error::from_raw_os_error(libc::EPERM))
    });
    let client = peer::connect(address).unwrap();
    assert_eq!(peer::half_close(&client).unwrap(), b"hello", "what the server says");
}

pub(crate) fn never() -> Vec<Fault> {
    vec![Fault::on(&["@connect"], Act::Error(libc::ECONNREFUSED)).fd(Fd::Any)]
}

pub(crate) fn a_fault_that_never_comes() {}

/// Under faults, and it waits for ever.
pub(crate) fn slow_faults() {
    let (mut a, b) = std::os::unix::net::UnixStream::pair().unwrap();
    a.write_all(b"a").unwrap();
    assert_eq!(getpid(), Pid::this());
    let b: TcpStream = std::os::fd::OwnedFd::from(b).into();
    peer::half_close(&b).unwrap();
}
