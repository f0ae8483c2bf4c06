//! The hand that reaches into the loop from another thread.
//!
//! mio refuses standard input when it is a file or /dev/null, and a terminal must not be made
//! non-blocking, because the shell shares it. A thread may block on any of them. It hands each
//! line over through a channel, and because the loop sleeps in epoll_wait and hears no channel,
//! it wakes it: the Waker is an eventfd(2) that the loop watches like a socket.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use mio::Waker;

/// Sends commands to a server in another thread.
pub(crate) struct Remote {
    pub(crate) commands: Sender<String>,
    pub(crate) waker: Arc<Waker>,
}

impl Remote {
    /// Queues a command and wakes the loop. First the message, then the waking: the other way
    /// round the loop might look into an empty queue and go to sleep again.
    pub(crate) fn say(&self, command: &str) -> io::Result<()> {
        self.commands.send(command.into()).map_err(|_| io::Error::other("the server has ended"))?;
        self.waker.wake()
    }

    /// Each line typed is a command. The thread ends with the input, or with the process.
    pub(crate) fn read_commands_from_stdin(self) {
        thread::spawn(move || -> io::Result<()> {
            for line in io::stdin().lines() {
                self.say(line?.trim())?;
            }
            Ok(())
        });
    }
}
