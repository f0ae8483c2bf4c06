//! From a key to what it asks for.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::model::Mode;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Forward,
    Back,
    Home,
    End,
    /// Another call of the same task.
    Call {
        forward: bool,
    },
    /// Another line of source.
    Line {
        forward: bool,
    },
    /// At the newest step, and on with it.
    Follow,
    /// A line for the program.
    Type,
    /// No more lines for the program.
    EndOfInput,
    Play,
    Faster,
    Slower,
    Jump,
    Find,
    Help,
    Restart,
    Quit,
    Suspend,
    Redraw,
    Letter(char),
    Rubout,
    Enter,
    Escape,
    Nothing,
}

/// All keys, for the help: what they are called, and what they do.
pub(crate) const KEYS: [(&str, &str); 16] = [
    ("→ space", "the next step (PgDn too, for a presenter's remote control)"),
    ("← backspace", "the step before (PgUp too)"),
    ("n N", "the next call of this task, the one before"),
    ("l L", "the next line of source, the one before"),
    ("Home End", "the first step, the last one so far"),
    ("g 12 Enter", "step 12"),
    ("/ text Enter", "find a text in calls, lines and output"),
    ("/ Enter", "find it once more"),
    ("f", "follow: stay at the newest step, until the next key that moves"),
    ("i text Enter", "type a line for the program (Ctrl-D: the end of its input)"),
    ("p", "play, pause"),
    ("+ -", "play faster, slower"),
    ("r", "run the program once more"),
    ("? or h", "this help"),
    ("Ctrl-Z", "leave it for a while (fg comes back)"),
    ("q Ctrl-C", "quit; the program ends too"),
];

impl Action {
    /// What a key means in a mode.
    pub(crate) fn of(key: KeyEvent, mode: &Mode) -> Self {
        if key.kind == KeyEventKind::Release {
            return Self::Nothing;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('c' | 'C') => Self::Quit,
                KeyCode::Char('z' | 'Z') => Self::Suspend,
                KeyCode::Char('l' | 'L') => Self::Redraw,
                KeyCode::Char('d' | 'D') => Self::EndOfInput,
                KeyCode::Char('h' | 'H') if *mode != Mode::Browse => Self::Rubout,
                KeyCode::Char('h' | 'H') => Self::Back,
                _ => Self::Nothing,
            };
        }
        match mode {
            Mode::Browse => Self::browsing(key.code),
            Mode::Help if key.code == KeyCode::Char('q') => Self::Quit,
            Mode::Help => Self::Escape,
            Mode::Jump(_) | Mode::Find(_) | Mode::Type(_) => match key.code {
                KeyCode::Char(letter)
                    if !matches!(mode, Mode::Jump(_)) || letter.is_ascii_digit() =>
                {
                    Self::Letter(letter)
                }
                KeyCode::Backspace => Self::Rubout,
                KeyCode::Enter => Self::Enter,
                KeyCode::Esc => Self::Escape,
                _ => Self::Nothing,
            },
        }
    }

    fn browsing(code: KeyCode) -> Self {
        match code {
            KeyCode::Right | KeyCode::Down | KeyCode::PageDown | KeyCode::Enter => Self::Forward,
            KeyCode::Left | KeyCode::Up | KeyCode::PageUp | KeyCode::Backspace => Self::Back,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            KeyCode::Char(letter) => match letter {
                ' ' => Self::Forward,
                'n' => Self::Call { forward: true },
                'N' => Self::Call { forward: false },
                'l' => Self::Line { forward: true },
                'L' => Self::Line { forward: false },
                'f' => Self::Follow,
                'i' => Self::Type,
                'p' => Self::Play,
                '+' | '=' => Self::Faster,
                '-' => Self::Slower,
                'g' => Self::Jump,
                '/' => Self::Find,
                '?' | 'h' => Self::Help,
                'r' => Self::Restart,
                'q' => Self::Quit,
                _ => Self::Nothing,
            },
            _ => Self::Nothing,
        }
    }

    /// Whether it says where to be, so that it replaces where to be before.
    pub(crate) fn is_move(self, mode: &Mode) -> bool {
        use Action::{Back, Call, End, Enter, Forward, Home, Line};
        let seeks = self == Enter && matches!(mode, Mode::Jump(_) | Mode::Find(_));
        seeks || matches!(self, Forward | Back | Home | End | Call { .. } | Line { .. })
    }
}
