//! A recording as a file.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::Recording;
use super::calls::Classes;
use super::line::{Line, Lines};
use super::places::Places;
use super::unpack::{self, Tables};
use super::unreadable::Unreadable;

/// How large a recording may be: the file may be anything, and somebody else's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of the file.
    pub(super) file: u64,
    /// Bytes that its steps take in memory, roughly.
    pub(super) memory: usize,
}

/// A hundred times the largest recording of the course.
const LIMITS: Limits = Limits { file: 256 << 20, memory: 1 << 30 };

/// What every version has.
#[derive(Deserialize)]
struct Head {
    recording: u32,
}

#[derive(Deserialize)]
struct Whole {
    program: String,
    arguments: Vec<String>,
    #[serde(flatten)]
    tables: Tables,
    steps: Vec<Line<'static>>,
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
        let places = Places::of(&self.steps);
        let classes = Classes::of_all(&self.steps);
        writeln!(to, "\"classes\":{},", serde_json::to_string(&classes)?)?;
        table(&mut to, "frames", &places.frames)?;
        table(&mut to, "places", &places.spots)?;
        to.write_all(b"\"steps\":[")?;
        let mut step = Lines::new(&places, &classes);
        lines(&mut to, self.steps.iter().map(|it| step.line(it)))?;
        to.write_all(b"],\n\"sources\":{")?;
        for (index, (file, text)) in self.sources.iter().enumerate() {
            let separator = if index == 0 { "\n" } else { ",\n" };
            write!(to, "{separator}{}:[", serde_json::to_string(file)?)?;
            lines(&mut to, text.iter())?;
            to.write_all(b"]")?;
        }
        to.write_all(b"}}\n")?;
        to.flush()
    }

    /// Reads what [`Recording::write`] has written.
    ///
    /// # Errors
    /// What is wrong with it, as one sentence.
    pub fn read(from: impl Read) -> Result<Self, Unreadable> {
        Self::read_within(from, LIMITS)
    }

    pub(super) fn read_within(from: impl Read, limits: Limits) -> Result<Self, Unreadable> {
        let mut bytes = Vec::new();
        from.take(limits.file + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limits.file {
            return Err(Unreadable::TooLarge);
        }
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
        let Whole { program, arguments, tables, steps, sources } =
            serde_json::from_str(&text).map_err(|error| broken(&error))?;
        drop(text);
        let steps =
            unpack::steps(&tables, steps, limits.memory).map_err(Unreadable::Inconsistent)?;
        Ok(Self { version, program, arguments, steps, sources })
    }
}

/// An object, each of its values on a line of its own.
fn table<T: Serialize>(to: &mut impl Write, name: &str, values: &[(String, T)]) -> io::Result<()> {
    write!(to, "\"{name}\":{{")?;
    for (index, (name, value)) in values.iter().enumerate() {
        let separator = if index == 0 { "\n" } else { ",\n" };
        write!(to, "{separator}{}:", serde_json::to_string(name)?)?;
        serde_json::to_writer(&mut *to, value)?;
    }
    to.write_all(if values.is_empty() { b"},\n" } else { b"\n},\n" })
}

/// Values, each on a line of its own.
fn lines<T: Serialize>(
    to: &mut impl Write,
    values: impl ExactSizeIterator<Item = T>,
) -> io::Result<()> {
    let last = if values.len() == 0 { "" } else { "\n" };
    for (index, value) in values.enumerate() {
        to.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *to, &value)?;
    }
    to.write_all(last.as_bytes())
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
