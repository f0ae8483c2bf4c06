//! What the kernel says about a server.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use cli::Outcome;
use nix::errno::Errno;
use nix::unistd::Pid;
use process::procfs::{self, Stat, State};

/// The sockets among the descriptors of a process.
pub(crate) fn sockets(pid: i32) -> Outcome<usize> {
    let mut count = 0;
    for entry in fs::read_dir(format!("/proc/{pid}/fd"))? {
        let target = fs::read_link(entry?.path())?;
        count += usize::from(target.to_string_lossy().starts_with("socket:"));
    }
    Ok(count)
}

/// The threads of all these processes together.
pub(crate) fn threads(pids: &BTreeSet<i32>) -> Outcome<usize> {
    let tasks = pids.iter().map(|&pid| Ok(procfs::tasks(Pid::from_raw(pid))?.len()));
    tasks.sum()
}

/// How many of these are children of this process, and how many of them zombies. Who was waited
/// for has left /proc.
pub(crate) fn children(pid: i32, known: &BTreeSet<i32>) -> Outcome<(usize, usize)> {
    let mut children = Vec::new();
    for &one in known {
        match Stat::of(Pid::from_raw(one)) {
            Ok(stat) => children.extend((stat.parent.as_raw() == pid).then_some(stat.state)),
            Err(error) if error.errno() == Errno::ESRCH => {}
            Err(error) => return Err(error.into()),
        }
    }
    let zombies = children.iter().filter(|state| **state == State::Zombie).count();
    Ok((children.len(), zombies))
}

/// Waits until so many connections stand in the backlog: connected, and nobody has accepted them.
pub(crate) fn until_backlog(listener: SocketAddr, length: usize) -> Outcome {
    while backlog(listener)? != length {
        // connect(2) comes back a moment before the other end has put it there.
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// What /proc/net/tcp (proc_pid_net(5)) calls the receive queue of a listener.
pub(crate) fn backlog(listener: SocketAddr) -> Outcome<usize> {
    let (port, table) = (format!(":{:04X}", listener.port()), fs::read_to_string("/proc/net/tcp")?);
    for line in table.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // 0A is the state LISTEN; the queues stand as "tx:rx", in hexadecimal.
        if let [_, local, _, "0A", queues, ..] = fields[..]
            && local.ends_with(&port)
            && let Some((_, queue)) = queues.split_once(':')
        {
            return Ok(usize::from_str_radix(queue, 16)?);
        }
    }
    Err("nobody listens".into())
}
