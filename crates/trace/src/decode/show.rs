//! Calls as text, in the manner of strace(1): `accept4(3, 127.0.0.1:40000, SOCK_CLOEXEC) = 4`.
//!
//! What has no fixed value is marked: `…` is not there yet (or not kept), `&…` is some address,
//! `@…` some moment.

use std::fmt::{self, Display, Formatter, Write as _};
use std::net::IpAddr;

use super::{errno_name, names, signal_name};
use crate::call::{Address, Answer, Bytes, Call, Value};

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        separated(f, &self.args, |f, arg| arg.fmt(f))?;
        f.write_char(')')
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Error(errno) => write!(f, "-1 {}", errno_name(*errno)),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
            Self::Fd(number) => number.fmt(f),
            Self::Pid(pid) => pid.fmt(f),
            Self::Signal(signal) => f.write_str(&signal_name(*signal)),
            Self::Pointer => f.write_str("&…"),
            Self::Null => f.write_str("NULL"),
            Self::Bytes(bytes) => bytes.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Address(address) => address.fmt(f),
            Self::Time(Some(time)) => write!(f, "{time:?}"),
            Self::Time(None) => f.write_str("forever"),
            Self::Moment => f.write_str("@…"),
            Self::List(values) => {
                f.write_char('[')?;
                separated(f, values, |f, value| value.fmt(f))?;
                f.write_char(']')
            }
            Self::Fields(fields) => {
                f.write_char('{')?;
                separated(f, fields, |f, (name, value)| write!(f, "{name}={value}"))?;
                f.write_char('}')
            }
            Self::Later | Self::More => f.write_char('…'),
        }
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => address.fmt(f),
            Self::Ephemeral { ip: IpAddr::V6(ip), port } => write!(f, "[{ip}]:port#{port}"),
            Self::Ephemeral { ip, port } => write!(f, "{ip}:port#{port}"),
            Self::Path(path) => write!(f, "{path:?}"),
            Self::Abstract(name) => write!(f, "@{name:?}"),
            Self::Unnamed => f.write_str("unnamed"),
            Self::Family(family) => f.write_str(&names::FAMILY.spell((*family).into())),
        }
    }
}

impl Display for Bytes {
    /// As text where it is UTF-8, else byte by byte. A character that the end has cut in two is
    /// not shown.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let cut = self.length > self.head.len() as u64;
        f.write_char('"')?;
        let mut chunks = self.head.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            chunk.valid().chars().try_for_each(|letter| write_letter(f, letter))?;
            let unfinished =
                str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
            if !(cut && unfinished && chunks.peek().is_none()) {
                chunk.invalid().iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))?;
            }
        }
        f.write_str(if cut { "\"…" } else { "\"" })
    }
}

fn write_letter(f: &mut Formatter<'_>, letter: char) -> fmt::Result {
    match letter {
        '\'' => f.write_char(letter),
        '\0' => f.write_str("\\0"),
        '\n' | '\r' | '\t' | '"' | '\\' => write!(f, "{}", letter.escape_debug()),
        '\x01'..='\x1f' | '\x7f' => write!(f, "\\x{:02x}", u32::from(letter)),
        _ => write!(f, "{}", letter.escape_debug()),
    }
}

fn separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    show: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        show(f, item)?;
    }
    Ok(())
}
