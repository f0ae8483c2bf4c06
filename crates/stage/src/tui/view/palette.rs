//! How things look. What a colour says, a word or a letter says too: colour may be missing, and
//! many people see it differently.

use ratatui::style::{Color, Modifier, Style};

/// With colour or without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    colour: bool,
}

impl Palette {
    /// With colour or without.
    pub(crate) fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// What the environment asks for: NO_COLOR (no-color.org) and a dumb terminal get none.
    pub(crate) fn of_environment() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self::new(!set("NO_COLOR") && !dumb)
    }

    pub(super) fn plain() -> Style {
        Style::new()
    }

    /// The bars at the top and at the bottom, and the line that is being executed.
    pub(super) fn bar() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub(super) fn bold() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The line above a pane.
    pub(super) fn heading(self) -> Style {
        self.coloured(Color::Cyan)
    }

    /// What is different since the step before.
    pub(super) fn changed(self) -> Style {
        self.coloured(Color::Magenta).add_modifier(Modifier::BOLD)
    }

    /// Comments in the source.
    pub(super) fn comment(self) -> Style {
        self.coloured(Color::Green)
    }

    /// What a task does, in a lane.
    pub(super) fn doing(self, word: &str) -> Style {
        match word {
            "running" | "calls" => self.coloured(Color::Green).add_modifier(Modifier::BOLD),
            "stopped" => self.coloured(Color::Magenta),
            "zombie" => self.coloured(Color::Red).add_modifier(Modifier::BOLD),
            _ => Self::plain(),
        }
    }

    /// Something is wrong.
    pub(super) fn wrong(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    fn coloured(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }
}
