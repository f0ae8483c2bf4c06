//! Bold and dim, where somebody looks: never in a pipe or a file, never against NO_COLOR
//! (no-color.org: set and not empty), never on a terminal that says it is dumb.

use std::env::var_os;
use std::io::IsTerminal as _;

/// What to write before and after a word; all empty where there is no colour.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    pub(crate) bold: &'static str,
    pub(crate) dim: &'static str,
    pub(crate) reset: &'static str,
}

impl Style {
    /// What standard output can show.
    pub(crate) fn of_stdout() -> Self {
        if !is_wanted() || !std::io::stdout().is_terminal() {
            return Self::default();
        }
        Self { bold: "\x1b[1m", dim: "\x1b[2m", reset: "\x1b[0m" }
    }

    /// Whether the compiler's colours can be shown on standard error.
    pub(crate) fn of_stderr() -> bool {
        is_wanted() && std::io::stderr().is_terminal()
    }
}

/// Whether nobody has refused colours.
pub(crate) fn is_wanted() -> bool {
    let refused = var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && !dumb
}
