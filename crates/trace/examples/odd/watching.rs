//! Waiting by asking again and again.

use std::io::{Read as _, Write as _, pipe};
use std::thread::{sleep, yield_now};
use std::time::Duration;

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::Done;
use crate::output::say;
use crate::processes::child;

/// Asks until a process has this state, and says it.
fn until(pid: Pid, state: char) -> Done {
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (_, rest) = stat.rsplit_once(") ").ok_or("no state")?;
        if rest.starts_with(state) {
            return say(&format!("{state}"));
        }
    }
}

fn end(pid: Pid) -> Done {
    kill(pid, Signal::SIGKILL)?;
    until(pid, 'Z')?;
    waitpid(pid, None)?;
    Ok(())
}

/// All the states that a child can be in, as /proc shows them.
pub(crate) fn states() -> Done {
    let (mut reader, _writer) = pipe()?;
    let reads = child(|| reader.read(&mut [0]).map_or(1, |_| 0))?;
    until(reads, 'S')?;
    end(reads)?;
    let sleeps = child(|| {
        sleep(Duration::from_secs(1000));
        0
    })?;
    until(sleeps, 'S')?;
    kill(sleeps, Signal::SIGSTOP)?;
    until(sleeps, 'T')?;
    kill(sleeps, Signal::SIGCONT)?;
    until(sleeps, 'S')?;
    end(sleeps)?;
    let yields = child(|| {
        loop {
            yield_now();
        }
    })?;
    until(yields, 'R')?;
    end(yields)?;
    let computes = child(|| {
        loop {
            std::hint::spin_loop();
        }
    })?;
    until(computes, 'R')?;
    let status = std::fs::read_to_string(format!("/proc/{computes}/status"))?;
    let tracer = status.lines().find(|line| line.starts_with("TracerPid")).ok_or("no line")?;
    say(tracer.replace('\t', " ").trim_end())?;
    end(computes)
}

/// A parent that never sleeps waits for a child that does.
pub(crate) fn ask_again() -> Done {
    let pid = child(|| {
        sleep(Duration::from_millis(50));
        3
    })?;
    loop {
        match waitpid(pid, Some(WaitPidFlag::WNOHANG))? {
            WaitStatus::StillAlive => {}
            status => return say(&format!("{}", status == WaitStatus::Exited(pid, 3))),
        }
    }
}

/// A descriptor that is watched once: being told of it is the end of that.
pub(crate) fn one_shot() -> Done {
    let (reader, mut writer) = pipe()?;
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    let once = EpollFlags::EPOLLIN | EpollFlags::EPOLLONESHOT;
    epoll.add(&reader, EpollEvent::new(once, 1))?;
    writer.write_all(b"x")?;
    let mut events = [EpollEvent::empty()];
    for expected in [1, 0] {
        if epoll.wait(&mut events, 0_u8)? != expected {
            return Err("it was told otherwise".into());
        }
    }
    say("once")
}
