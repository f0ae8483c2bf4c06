//! A recording as a file.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};

use serde::Deserialize;

use super::Recording;
use crate::step::Step;

/// Why a file is not played.
#[derive(Debug)]
pub enum Unreadable {
    /// It could not be read at all.
    Io(io::Error),
    /// It ends in the middle.
    Truncated {
        /// Its last line.
        line: usize,
    },
    /// It is something else, JSON or not.
    Foreign,
    /// It is a recording of a version that is not known here.
    Version(u32),
    /// It says that it is a recording of this version, and is none.
    Broken {
        /// Where the mistake is.
        line: usize,
        /// What it is.
        reason: String,
    },
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Truncated { line } => {
                write!(f, "the recording is cut off: it ends in the middle, in line {line}")
            }
            Self::Foreign => f.write_str("this is no recording"),
            Self::Version(version) => write!(
                f,
                "the recording has version {version} and only version {} can be played: \
                 record it again",
                Recording::VERSION
            ),
            Self::Broken { line, reason } => {
                write!(f, "the recording is damaged in line {line}: {reason}")
            }
        }
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io(error) = self { Some(error) } else { None }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What every version has.
#[derive(Deserialize)]
struct Head {
    recording: u32,
}

#[derive(Deserialize)]
struct Whole {
    program: String,
    arguments: Vec<String>,
    steps: Vec<Step>,
    sources: BTreeMap<String, Vec<String>>,
}

impl Recording {
    /// Writes it in the layout that the module describes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        writeln!(to, "{{\"recording\":{},", self.version)?;
        writeln!(to, "\"program\":{},", serde_json::to_string(&self.program)?)?;
        writeln!(to, "\"arguments\":{},", serde_json::to_string(&self.arguments)?)?;
        to.write_all(b"\"steps\":[")?;
        lines(&mut to, &self.steps)?;
        to.write_all(b"],\n\"sources\":{")?;
        for (index, (file, text)) in self.sources.iter().enumerate() {
            let separator = if index == 0 { "\n" } else { ",\n" };
            write!(to, "{separator}{}:[", serde_json::to_string(file)?)?;
            lines(&mut to, text)?;
            to.write_all(b"]")?;
        }
        to.write_all(b"}}\n")?;
        to.flush()
    }

    /// Reads what [`Recording::write`] has written.
    ///
    /// # Errors
    /// What is wrong with it, as one sentence.
    pub fn read(mut from: impl Read) -> Result<Self, Unreadable> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            // A file can be cut in the middle of a character.
            let cut = error.utf8_error().error_len().is_none();
            let text = String::from_utf8_lossy(error.as_bytes());
            if cut && begins(&text) { truncated(&text) } else { Unreadable::Foreign }
        })?;
        // The version first: all else may be different in another one.
        let version = match serde_json::from_str(&text) {
            Ok(Head { recording: version }) => version,
            Err(error) if error.is_eof() && begins(&text) => return Err(truncated(&text)),
            Err(error) if error.is_syntax() && begins(&text) => return Err(broken(&error)),
            Err(_) => return Err(Unreadable::Foreign),
        };
        if version != Self::VERSION {
            return Err(Unreadable::Version(version));
        }
        let Whole { program, arguments, steps, sources } =
            serde_json::from_str(&text).map_err(|error| broken(&error))?;
        Ok(Self { version, program, arguments, steps, sources })
    }
}

/// Values, each on a line of its own.
fn lines<T: serde::Serialize>(to: &mut impl Write, values: &[T]) -> io::Result<()> {
    for (index, value) in values.iter().enumerate() {
        to.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *to, value)?;
    }
    if values.is_empty() { Ok(()) } else { to.write_all(b"\n") }
}

/// Whether a text that cannot be read as a whole begins as a recording does.
fn begins(text: &str) -> bool {
    let start: String = text.chars().filter(|char| !char.is_whitespace()).take(13).collect();
    start == "{\"recording\":"
}

fn truncated(text: &str) -> Unreadable {
    Unreadable::Truncated { line: text.lines().count() }
}

fn broken(error: &serde_json::Error) -> Unreadable {
    // The error says where at its end, which is said already.
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    Unreadable::Broken { line: error.line(), reason }
}
