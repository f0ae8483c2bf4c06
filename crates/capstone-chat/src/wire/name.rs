//! Who may be called what.
//!
//! The name stands in every notice, behind a newline and in front of other words. So it must not
//! contain what separates fields (a blank), what moves a cursor (a control character), or what
//! nobody sees: with a zero-width space in it, 管理员 looks like the administrator and is not.

use std::fmt;

/// The name that stands in front of the administrator's words. Nobody may log in with it.
pub const ADMINISTRATOR: &str = "管理员";

/// A name that a member may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name<'a>(&'a str);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// There is nothing.
    Empty,
    /// More than [`Name::LONGEST`] bytes.
    TooLong,
    /// It is the administrator's.
    Reserved,
    /// It contains a blank of any kind, a control character, or one that cannot be seen.
    Contains(char),
}

impl<'a> Name<'a> {
    /// In bytes; 21 Chinese characters.
    pub const LONGEST: usize = 64;

    /// Looks at it.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn new(text: &'a str) -> Result<Self, BadName> {
        match text {
            "" => Err(BadName::Empty),
            ADMINISTRATOR => Err(BadName::Reserved),
            _ if text.len() > Self::LONGEST => Err(BadName::TooLong),
            _ => match text.chars().find(|&c| is_invisible(c)) {
                Some(c) => Err(BadName::Contains(c)),
                None => Ok(Self(text)),
            },
        }
    }

    /// The text.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

/// Blanks, control characters, and the characters of Unicode that have no shape of their own:
/// joiners, marks of direction, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "a name has at least one character"),
            Self::TooLong => write!(f, "a name has at most {} bytes", Name::LONGEST),
            Self::Reserved => write!(f, "{ADMINISTRATOR} is the administrator"),
            Self::Contains(c) => write!(f, "a name cannot contain {c:?}"),
        }
    }
}

impl std::error::Error for BadName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_called() {
        let longest = "x".repeat(Name::LONGEST);
        for name in ["a", "ann", "张三", "Zoë", "a-b_c.d", "أحمد", "🙂", "管理员2", &longest]
        {
            assert_eq!(Name::new(name).map(Name::as_str), Ok(name));
        }
    }

    #[test]
    fn what_nobody_is_called() {
        assert_eq!(Name::new(""), Err(BadName::Empty));
        assert_eq!(Name::new("管理员"), Err(BadName::Reserved));
        assert_eq!(Name::new(&"x".repeat(65)), Err(BadName::TooLong));
        for c in [
            '\0',
            '\n',
            '\r',
            '\t',
            '\x1b',
            '\x7f',
            ' ',
            '\u{85}',
            '\u{9b}',
            '\u{a0}',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{3000}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let text = format!("管理员{c}");
            assert_eq!(Name::new(&text), Err(BadName::Contains(c)), "{c:?}");
        }
    }
}
