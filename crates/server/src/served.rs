//! What became of the clients.

use std::io;

/// How one client's turn has ended.
#[derive(Debug)]
pub enum End {
    /// The handler returned `Ok`.
    Done,
    /// The handler returned an error, or the client's time was over (`TimedOut`). Of a forked
    /// child only its exit is known ([`Exit`](process::Exit)): its error stayed in its memory.
    Failed(io::Error),
    /// The handler panicked. The message went to the panic hook.
    Panicked,
    /// It went on after all time was over: a child that was killed, a thread that nobody waits
    /// for any longer. It may have gone on since.
    Dropped,
}

/// The account of a server that has ended. A client is a connection, or a datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Served {
    /// All that were accepted: the sum of the next four.
    pub clients: u64,
    /// [`End::Done`].
    pub done: u64,
    /// [`End::Failed`].
    pub failed: u64,
    /// [`End::Panicked`].
    pub panicked: u64,
    /// [`End::Dropped`].
    pub dropped: u64,
    /// The most that were served at once.
    pub peak: usize,
    /// How often accepting rested because something had run out: EMFILE, ENFILE, ENOBUFS, ENOMEM,
    /// and EAGAIN from fork(2) or for a thread.
    pub pauses: u64,
}

impl Served {
    pub(crate) fn count(&mut self, end: &End) {
        *match end {
            End::Done => &mut self.done,
            End::Failed(_) => &mut self.failed,
            End::Panicked => &mut self.panicked,
            End::Dropped => &mut self.dropped,
        } += 1;
    }
}
