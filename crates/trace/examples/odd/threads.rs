//! Threads.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{park, sleep, spawn, yield_now};
use std::time::Duration;

use crate::Done;
use crate::output::say;

const LONG: Duration = Duration::from_secs(1000);

/// A server and two clients.
pub(crate) fn echo() -> Done {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = spawn(move || -> Done {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept()?;
            let mut bytes = [0; 64];
            loop {
                match stream.read(&mut bytes)? {
                    0 => break,
                    n => stream.write_all(&bytes[..n])?,
                }
            }
        }
        Ok(())
    });
    for text in ["hello", "again"] {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(text.as_bytes())?;
        stream.shutdown(std::net::Shutdown::Write)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        say(&answer)?;
    }
    server.join().map_err(|_| "the server has panicked")?
}

/// They wake in another order than they fall asleep in.
pub(crate) fn sleepers() -> Done {
    let threads = [30, 10, 20].map(|ms| {
        spawn(move || -> Done {
            sleep(Duration::from_millis(ms));
            say(&format!("slept {ms}"))
        })
    });
    for thread in threads {
        thread.join().map_err(|_| "a thread has panicked")??;
    }
    Ok(())
}

/// Before it sleeps, a thread looks a few times more whether there is something to do, as those of a
/// pool do. That takes longer on the stage than the main thread sleeps.
pub(crate) fn few_looks() -> Done {
    let worker = spawn(|| {
        for _ in 0..8 {
            yield_now();
        }
        park();
    });
    sleep(Duration::from_micros(1));
    // Without a call when the thread is not asleep yet.
    worker.thread().unpark();
    worker.join().map_err(|_| "the worker has panicked".into())
}

/// Waits for another thread without ever calling the kernel.
pub(crate) fn spin() -> Done {
    static GO: AtomicBool = AtomicBool::new(false);
    let other = spawn(|| {
        sleep(Duration::from_millis(10));
        GO.store(true, Ordering::Release);
    });
    while !GO.load(Ordering::Acquire) {
        std::hint::spin_loop();
    }
    other.join().map_err(|_| "a thread has panicked")?;
    say("spun")
}

/// Two threads that spin, and wait for each other in turns.
pub(crate) fn pingpong() -> Done {
    static TURN: AtomicU32 = AtomicU32::new(0);
    let play = |me: u32| {
        for round in 0..3 {
            while TURN.load(Ordering::Acquire) != 2 * round + me {
                std::hint::spin_loop();
            }
            TURN.fetch_add(1, Ordering::AcqRel);
        }
    };
    let other = spawn(move || play(1));
    play(0);
    other.join().map_err(|_| "a thread has panicked")?;
    say(&TURN.load(Ordering::Acquire).to_string())
}

/// Two locks, in both orders.
pub(crate) fn deadlock() -> Done {
    let (a, b) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (c, d) = (Arc::clone(&a), Arc::clone(&b));
    let other = spawn(move || {
        let second = d.lock();
        sleep(Duration::from_millis(20));
        let first = c.lock();
        drop((first, second));
    });
    let first = a.lock();
    sleep(Duration::from_millis(20));
    let second = b.lock();
    drop((first, second));
    other.join().map_err(|_| "a thread has panicked".into())
}

/// Computes for ever, and says nothing.
pub(crate) fn forever() -> Done {
    say("computing")?;
    loop {
        std::hint::spin_loop();
    }
}

/// The process ends while threads sleep.
pub(crate) fn exit_with_threads() -> Done {
    for _ in 0..8 {
        spawn(|| sleep(LONG));
    }
    say("bye")
}

/// The first thread ends, and the process goes on.
pub(crate) fn leader_leaves() -> Done {
    spawn(|| {
        sleep(Duration::from_millis(20));
        let _ = say("the last one");
        std::process::exit(7);
    });
    // SAFETY: no pointers: the call ends this thread alone. Nothing of its stack is borrowed.
    unsafe { nix::libc::syscall(nix::libc::SYS_exit, 0) };
    Err("the first thread is still here".into())
}

/// Not the first thread executes another program.
pub(crate) fn thread_exec() -> Done {
    spawn(|| {
        let error = std::process::Command::new("/bin/echo").arg("from a thread").exec();
        let _ = say(&error.to_string());
        std::process::exit(1);
    });
    sleep(LONG);
    Err("nobody has executed another program".into())
}

/// Sixty-four at once.
pub(crate) fn many() -> Done {
    let threads: Vec<_> = (0..64)
        .map(|n| {
            spawn(move || {
                sleep(Duration::from_millis(n % 7));
                n
            })
        })
        .collect();
    let mut sum = 0;
    for thread in threads {
        sum += thread.join().map_err(|_| "a thread has panicked")?;
    }
    say(&sum.to_string())
}
