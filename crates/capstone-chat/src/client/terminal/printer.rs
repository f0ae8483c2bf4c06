//! What is shown, in its order, from a thread of its own: the editor may be busy with a long paste,
//! and takes one text at a time.

use std::io::{self, Write as _};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use rustyline::ExternalPrinter;

/// The way to the screen.
#[derive(Debug)]
pub(super) struct Printer(Sender<Job>);

#[derive(Debug)]
enum Job {
    Print(String),
    /// Says when all before it has been handed over.
    Flush(SyncSender<()>),
    /// Says when all before it has been drawn.
    Finish(SyncSender<()>),
}

impl Printer {
    /// Around the editor's own printer. It writes to the screen directly while no line is edited.
    pub(super) fn start(screen: impl ExternalPrinter + Send + 'static) -> Self {
        let (jobs, taken) = channel();
        thread::spawn(move || work(screen, &taken));
        Self(jobs)
    }

    /// Shows a line. It does not wait.
    pub(super) fn print(&self, mut line: String) {
        line.push('\n');
        // The thread only ends when this end of the channel has gone.
        let _ = self.0.send(Job::Print(line));
    }

    /// Waits until everything is handed over. Not while a line is edited: that may take long.
    pub(super) fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.0.send(Job::Flush(done)).is_ok() {
            let _ = wait.recv();
        }
    }
}

/// How long the end waits for the screen: an editor in the middle of a key sequence draws nothing.
const PATIENCE: Duration = Duration::from_secs(1);

impl Drop for Printer {
    fn drop(&mut self) {
        let (done, wait) = sync_channel(1);
        if self.0.send(Job::Finish(done)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }
}

/// One row up, and down again: it changes nothing on the screen.
const NOTHING: &str = "\x1b[A\n";

fn work(mut screen: impl ExternalPrinter, jobs: &Receiver<Job>) {
    let mut show = |text: &str| {
        // The editor has ended with its terminal. Perhaps not all of that has gone.
        if screen.print(text.to_owned()).is_err() {
            let _ = io::stdout().write_all(text.as_bytes());
        }
    };
    for job in jobs {
        match job {
            Job::Print(text) => show(&text),
            // Whoever waited may have given up.
            Job::Flush(done) => _ = done.send(()),
            Job::Finish(done) => {
                // The editor takes a text when it has drawn the one before, and there is room for
                // one to wait. So the second of two is handed over when all before them is drawn.
                show(NOTHING);
                show(NOTHING);
                let _ = done.send(());
            }
        }
    }
}
