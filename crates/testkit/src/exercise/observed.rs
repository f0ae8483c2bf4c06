//! What several exercises ask about the learner's server that runs beside the test, and the
//! sentences in which they complain. What only one of them knows, it adds ([`Observed::explains`]).

use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use trace::{Object, Standing};

use super::{Beside, inside};
use crate::{proc, until};

/// So long a healthy server may take on a busy machine for what it does in a millisecond.
pub const PATIENCE: Duration = Duration::from_secs(6);
/// Processor time that waiting never takes.
pub const SPIN: Duration = Duration::from_millis(300);

/// So long it may take to say why it ends.
const LAST_WORDS: Duration = Duration::from_millis(50);

/// A server, seen from outside.
pub trait Observed {
    /// Its process.
    fn process(&self) -> &Beside;

    /// What it means that it sleeps in this call, where this exercise knows more than that a
    /// descriptor blocks. It goes behind the name of the call and its line.
    fn explains(&self, _call: &str) -> Option<String> {
        None
    }

    /// It sleeps, with nothing to do.
    ///
    /// # Panics
    /// When it runs, or wakes up again and again: `why` says why it should not.
    #[track_caller]
    fn rests(&self, why: &str) {
        assert!(
            proc::comes_to_rest(self.process().pid(), SPIN),
            "your server does not come to rest: it runs, or wakes up again and again, and there is \
             nothing to do. {why}. {}",
            self.place()
        );
    }

    /// It has closed all that it had opened for its clients, but for those who are connected.
    ///
    /// # Panics
    /// When it has not, and does not: `why` says why it should.
    #[track_caller]
    fn has_let_go(&self, why: &str) {
        let start = Instant::now();
        let pid = self.process().pid();
        let cpu = || proc::stat(pid).map_or(Duration::ZERO, |stat| stat.cpu);
        let used = cpu();
        while let Some(fd) = of_the_gone(pid).first() {
            let spins = cpu().saturating_sub(used) > SPIN;
            assert!(
                !spins && start.elapsed() < PATIENCE,
                "{why}. Descriptor {fd} of your server, which was a client's, is still open{}. {}",
                if spins { ", and your server runs and runs" } else { "" },
                self.place()
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Whether something comes to this client, an answer or an end. It does not when the server
    /// sleeps, all of it, and goes on doing so: then nothing more will happen before somebody
    /// speaks to it. Nor when it only runs and runs.
    fn answers(&self, client: &impl AsFd) -> bool {
        const LOOK: u8 = 5;
        // What it has sent may be on its way.
        const ON_ITS_WAY: u8 = 50;
        let server = self.process();
        let sleeps = || !server.runs() || server.is_quiet();
        let cpu = || proc::stat(server.pid()).map_or(Duration::ZERO, |stat| stat.cpu);
        let used = cpu();
        loop {
            if readable(client, LOOK) {
                return true;
            }
            if cpu().saturating_sub(used) > 3 * SPIN {
                return readable(client, LOOK);
            }
            if sleeps() && !readable(client, ON_ITS_WAY) && sleeps() {
                return readable(client, ON_ITS_WAY);
            }
            thread::yield_now();
        }
    }

    /// Stops it, and lets it go on when `work` is done.
    fn while_it_stands_still<T>(&self, work: impl FnOnce() -> T) -> T {
        let server = self.process();
        server.signal(Signal::SIGSTOP);
        let stopped = || proc::stat(server.pid()).filter(|stat| stat.state == 'T').map(drop);
        until("the server stands still", stopped);
        let done = work();
        server.signal(Signal::SIGCONT);
        done
    }

    /// In one of its sockets lies something to be read.
    fn has_unread(&self) -> bool {
        let open = trace::descriptors_of(self.process().pid().cast_signed());
        open.values().any(|one| match &one.object {
            Object::Socket(socket) => socket.readable > Some(0),
            _ => false,
        })
    }

    /// Where it is, in a sentence; of each of its first tasks, where it has several.
    fn place(&self) -> String {
        const MOST: usize = 4;
        // One that has ended says why by itself, a moment later.
        thread::sleep(LAST_WORDS);
        if !self.process().runs() {
            return "Your server has ended (see below)".into();
        }
        let pids: Vec<i32> = self.process().processes().into_iter().map(u32::cast_signed).collect();
        let found = trace::where_are(&pids, inside::root()).unwrap_or_default();
        let tasks: Vec<String> = found.iter().take(MOST).map(|task| self.stands(task)).collect();
        match tasks.as_slice() {
            [] => "Your server still runs".into(),
            [only] => format!("Your server {only}"),
            several => {
                format!("Your server has {} tasks: one {}", found.len(), several.join("; one "))
            }
        }
    }

    /// What a task does, behind its name.
    fn stands(&self, task: &Standing) -> String {
        let line = task.place.location().map(|at| format!(", at {}:{}", at.file, at.line));
        let line = line.unwrap_or_default();
        let Some(call) = &task.call else {
            let used = task.used.as_millis();
            return format!("runs now{line}; {used} ms of processor time so far");
        };
        let call = as_written(&call.name);
        let why = self.explains(call).unwrap_or_else(|| means(call).into());
        format!("sleeps now in {call}{line}{why}")
    }
}

fn readable(client: &impl AsFd, limit: u8) -> bool {
    let mut fds = [PollFd::new(client.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, PollTimeout::from(limit)).is_ok_and(|ready| ready > 0)
}

/// Descriptors of connections that their clients have ended or thrown away.
fn of_the_gone(pid: u32) -> Vec<i32> {
    let gone = |object: &Object| match object {
        Object::Socket(socket) if socket.kind == "tcp" => {
            !matches!(socket.state.as_deref(), Some("LISTEN" | "ESTAB"))
        }
        _ => false,
    };
    let open = trace::descriptors_of(pid.cast_signed());
    open.iter().filter(|(_, one)| gone(&one.object)).map(|(fd, _)| *fd).collect()
}

/// The call of the source: libc makes another one of some.
fn as_written(call: &str) -> &str {
    match call {
        "pselect6" => "select",
        "ppoll" => "poll",
        "epoll_pwait" | "epoll_pwait2" => "epoll_wait",
        call => call,
    }
}

/// What it means for the others that it sleeps there.
fn means(call: &str) -> &'static str {
    match call {
        "write" | "writev" | "sendto" | "sendmsg" => {
            ". A write to a socket without O_NONBLOCK sleeps until this one client has made room, and \
             all the others wait with it (send(2))"
        }
        "read" | "readv" | "recvfrom" | "recvmsg" => {
            ". A read sleeps until this one client says something, and all the others wait with it \
             (recv(2))"
        }
        "accept" | "accept4" => ". It waits for somebody new, and all the others wait with it",
        _ => "",
    }
}
