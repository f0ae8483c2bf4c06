//! Keys become lines, in a thread of their own.
//!
//! A name is asked for by one call of the editor. What follows is ONE call that never comes back:
//! Enter is bound to a handler that takes the line out, so that the prompt stands, the terminal's
//! modes stay and there is no moment between two lines in which others' words could tear one. The
//! line that was taken out is shown again by the loop, in its order among the others.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, Sender, SyncSender};
use std::thread;

use multiplex::Waker;
use rustyline::error::ReadlineError;
use rustyline::{
    Cmd, ConditionalEventHandler, Config, Editor, Event, EventContext, EventHandler,
    ExternalPrinter, KeyCode, KeyEvent, Modifiers, Movement, Prompt as Prompts, RepeatCount,
};

use super::history::Shared;
use crate::client::front::Input;
use crate::client::session::Prompt;

/// Asks for what is typed from now on.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) prompt: Prompt,
    /// Told when the editor has the terminal.
    pub(super) begun: SyncSender<()>,
}

/// Starts the thread, and gives the way to its screen.
///
/// # Errors
/// EMFILE.
pub(super) fn start(
    asked: Receiver<Ask>,
    tell: Sender<Input>,
    waker: Waker,
) -> rustyline::Result<impl ExternalPrinter + Send> {
    let history = Shared::default();
    let mut editor = Editor::with_history(Config::default(), history.clone())?;
    let screen = editor.create_external_printer()?;
    let keys = Keys { tell, waker, history };
    thread::spawn(move || edit(&mut editor, &asked, &keys));
    Ok(screen)
}

fn edit(editor: &mut Editor<(), Shared>, asked: &Receiver<Ask>, keys: &Keys) {
    for Ask { prompt, begun } in asked {
        if prompt == Prompt::Text {
            keys.bind(editor);
        }
        let shown = Shown { text: prompt.text(), begun: Cell::new(Some(begun)) };
        loop {
            match editor.readline(&shown) {
                Ok(line) => keys.tell(Input::Line(line.into_bytes())),
                Err(ReadlineError::Interrupted) => keys.tell(Input::Interrupt),
                // Something that is not UTF-8 was typed, and nothing of it is kept.
                Err(ReadlineError::Io(error))
                    if error.kind() == std::io::ErrorKind::InvalidData =>
                {
                    continue;
                }
                // Ctrl-D; or the terminal has gone.
                Err(_) => keys.tell(Input::End),
            }
            break;
        }
    }
}

/// The prompt. It is asked for when the terminal's modes are the editor's already, and first of all
/// before anything is drawn.
struct Shown {
    text: &'static str,
    begun: Cell<Option<SyncSender<()>>>,
}

impl Prompts for Shown {
    fn raw(&self) -> &str {
        if let Some(begun) = self.begun.take() {
            let _ = begun.send(());
        }
        self.text
    }
}

/// What the keys do that are ours.
#[derive(Clone)]
struct Keys {
    tell: Sender<Input>,
    waker: Waker,
    history: Shared,
}

const ENTER: KeyEvent = KeyEvent(KeyCode::Enter, Modifiers::NONE);
const UP: KeyEvent = KeyEvent(KeyCode::Up, Modifiers::NONE);
const DOWN: KeyEvent = KeyEvent(KeyCode::Down, Modifiers::NONE);

impl Keys {
    fn bind(&self, editor: &mut Editor<(), Shared>) {
        let ctrl = ['C', 'D', 'J', 'M', 'N', 'P'].map(KeyEvent::ctrl);
        for key in [ENTER, UP, DOWN].into_iter().chain(ctrl) {
            editor.bind_sequence(key, EventHandler::Conditional(Box::new(self.clone())));
        }
        // A search would hold back what others say until it ends.
        for key in ['R', 'S'].map(KeyEvent::ctrl) {
            editor.bind_sequence(key, EventHandler::Simple(Cmd::Noop));
        }
    }

    fn tell(&self, input: Input) {
        // Nobody listens any more: the session is over, and so is the process in a moment.
        let _ = self.tell.send(input);
        let _ = self.waker.wake();
    }

    /// A paste between marks is one text with many lines, for people to look at before they press
    /// Enter. Then each line is one.
    fn take(&self, text: &str) {
        let mut history = self.history.lock();
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            history.add(line);
            self.tell(Input::Line(line.as_bytes().to_vec()));
        }
    }

    /// The line becomes another one of the history: in both directions it is "the one before", see
    /// history.rs.
    fn recall(&self, older: bool) -> Cmd {
        let mut history = self.history.lock();
        let is_one = if older { history.older() } else { history.newer() };
        if is_one { Cmd::PreviousHistory } else { Cmd::Noop }
    }
}

impl ConditionalEventHandler for Keys {
    fn handle(&self, event: &Event, _: RepeatCount, _: bool, ctx: &EventContext) -> Option<Cmd> {
        let KeyEvent(code, modifiers) = *event.get(0)?;
        match code {
            KeyCode::Char('C') => {
                self.tell(Input::Interrupt);
                Some(Cmd::Noop)
            }
            // With something on the line Ctrl-D deletes, as everywhere.
            KeyCode::Char('D') if !ctx.line().is_empty() => None,
            KeyCode::Char('D') => {
                self.tell(Input::End);
                Some(Cmd::Noop)
            }
            // The arrows move inside of a paste of many lines.
            KeyCode::Up | KeyCode::Down if ctx.line().contains('\n') => None,
            KeyCode::Up | KeyCode::Char('P') => Some(self.recall(true)),
            KeyCode::Down | KeyCode::Char('N') => Some(self.recall(false)),
            _ if modifiers.is_empty() || modifiers == Modifiers::CTRL => {
                self.take(ctx.line());
                Some(Cmd::Kill(Movement::WholeBuffer))
            }
            _ => None,
        }
    }
}
