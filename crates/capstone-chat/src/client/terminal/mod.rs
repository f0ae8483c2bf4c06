//! At a terminal: a line that is edited, with a history, and lines of others that never tear it.
//!
//! Three threads, because the editor waits for keys in a call that nothing else can wait in:
//!
//! ```text
//!  keys ─► editor ─► lines, by a channel and a waker ─► the loop
//!  screen ◄─ editor ◄─ printer ◄─ lines, by a channel ◄─┘
//! ```
//!
//! All that is shown goes through the printer, which never writes to the screen itself while a line
//! is edited: it hands the text to the editor, and that draws it above its line. The loop waits for
//! neither of them. `editor.rs`: keys; `history.rs`; `printer.rs`; `modes.rs`: the terminal.

mod editor;
mod history;
mod modes;
mod printer;

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use cli::Outcome;
use multiplex::{Interest, Poller, Result, Token, Trigger, Waker};

use super::front::{Front, Input};
use super::session::Prompt;
use editor::Ask;
use modes::Modes;
use printer::Printer;

/// Whether there is somebody at a terminal that can move its cursor.
pub(super) fn is_there() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| {
        ["dumb", "cons25", "emacs"].iter().any(|other| term.eq_ignore_ascii_case(other))
    });
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

/// The terminal of standard input and output.
pub(super) struct Terminal {
    asks: Sender<Ask>,
    typed: Receiver<Input>,
    waker: Waker,
    waiting: VecDeque<Input>,
    printer: Printer,
    prompt: Prompt,
    watched: bool,
    // Dropped after the printer has ended: the terminal is put back when nothing more is shown.
    _modes: Modes,
}

impl Terminal {
    /// Takes the terminal, until it is dropped.
    ///
    /// # Errors
    /// EIO, EMFILE.
    pub(super) fn open() -> Outcome<Self> {
        let waker = Waker::new()?;
        let (tell, typed) = channel();
        let (asks, asked) = channel();
        let modes = Modes::take()?;
        let printer = Printer::start(editor::start(asked, tell, waker.clone())?);
        let (waiting, prompt) = (VecDeque::new(), Prompt::Name);
        Ok(Self { asks, typed, waker, waiting, printer, prompt, watched: false, _modes: modes })
    }
}

impl Front for Terminal {
    fn watch(&mut self, poller: &mut dyn Poller, token: Token, _: bool) -> Result<()> {
        if !std::mem::replace(&mut self.watched, true) {
            poller.register(self.waker.as_fd(), token, Interest::READABLE, Trigger::Level)?;
        }
        Ok(())
    }

    fn fill(&mut self) -> Outcome {
        self.waker.drain()?;
        self.waiting.extend(self.typed.try_iter());
        Ok(())
    }

    fn next(&mut self, lines: bool) -> Outcome<Option<Input>> {
        // Ctrl-C overtakes lines that nobody can take.
        let first = if lines {
            0
        } else {
            match self.waiting.iter().position(|input| matches!(input, Input::Interrupt)) {
                Some(at) => at,
                None => return Ok(None),
            }
        };
        Ok(self.waiting.remove(first))
    }

    fn ask(&mut self, prompt: Prompt) -> Outcome {
        // What has been shown is on the screen before there is a line that it could tear, and there
        // is such a line before more is shown.
        self.printer.flush();
        self.prompt = prompt;
        let (begun, begins) = sync_channel(1);
        if self.asks.send(Ask { prompt, begun }).is_ok() {
            // An error: the terminal has gone, and its end is on its way to us.
            let _ = begins.recv();
        }
        Ok(())
    }

    fn echo(&mut self, line: &str) -> Outcome {
        // A name stays on the screen as it was typed; see editor.rs.
        if self.prompt == Prompt::Text {
            self.printer.print(format!("{}{line}", self.prompt.text()));
        }
        Ok(())
    }

    fn show(&mut self, line: &str) -> Outcome {
        self.printer.print(line.to_owned());
        Ok(())
    }

    fn note(&mut self, line: &str) -> Outcome {
        self.show(line)
    }
}
