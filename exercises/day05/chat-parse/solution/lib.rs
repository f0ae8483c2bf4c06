//! Requests of the chat: a datagram in, what it asks for out.

use std::str;

/// The administrator's name. Nobody logs in with it.
pub const ADMINISTRATOR: &str = "管理员";
/// The longest name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// What a datagram asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// `L name`
    Login { name: &'a str },
    /// `C name text`
    Chat { name: &'a str, text: &'a str },
    /// `Q name`
    Quit { name: &'a str },
}

/// Why it asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its bytes are no UTF-8.
    NotUtf8,
    /// Its first field is neither `L` nor `C` nor `Q`.
    NoSuchRequest,
    /// There is no blank behind the letter.
    NoName,
    /// A login with a name that is empty or too long, or has a control character or white space in
    /// it.
    BadName,
    /// A login with the administrator's name.
    Reserved,
}

/// The request that these bytes are.
pub fn parse(datagram: &[u8]) -> Result<Request<'_>, Refused> {
    // Bytes become text in one place. From here on no cut can fall into a character: all that we
    // cut at is ASCII, which is part of no other character in UTF-8.
    let line = str::from_utf8(datagram).map_err(|_| Refused::NotUtf8)?;
    // Cut at the FIRST blank, and no further: what is behind it may have blanks of its own.
    let (letter, rest) = match line.split_once(' ') {
        Some((letter, rest)) => (letter, Some(rest)),
        None => (line, None),
    };
    // The letter first: garbage without a blank is garbage, and no request without a name.
    if !matches!(letter, "L" | "C" | "Q") {
        return Err(Refused::NoSuchRequest);
    }
    let rest = rest.ok_or(Refused::NoName)?;
    let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
    match letter {
        "L" => Ok(Request::Login { name: good(name)? }),
        "C" => Ok(Request::Chat { name, text }),
        _ => Ok(Request::Quit { name }),
    }
}

/// A name stands at the beginning of a line on everybody's terminal. So it may not move the cursor,
/// begin another line, or look like somebody else's with a blank behind it.
fn good(name: &str) -> Result<&str, Refused> {
    // Of Unicode, not of ASCII: U+009B begins a terminal's sequence like ESC [, U+3000 is a blank.
    let is_bad = |c: char| c.is_control() || c.is_whitespace();
    // The name stands in front of all that its owner says: a long one leaves no room for it.
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(is_bad) {
        return Err(Refused::BadName);
    }
    if name == ADMINISTRATOR {
        return Err(Refused::Reserved);
    }
    Ok(name)
}
