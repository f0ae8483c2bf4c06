//! expect: Between two blanks stands an empty name

use std::str;

pub const ADMINISTRATOR: &str = "管理员";
pub const LONGEST_NAME: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    Login { name: &'a str },
    Chat { name: &'a str, text: &'a str },
    Quit { name: &'a str },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NotUtf8,
    NoSuchRequest,
    NoName,
    BadName,
    Reserved,
}

pub fn parse(datagram: &[u8]) -> Result<Request<'_>, Refused> {
    let line = str::from_utf8(datagram).map_err(|_| Refused::NotUtf8)?;
    let (letter, rest) = match line.split_once(' ') {
        Some((letter, rest)) => (letter, Some(rest)),
        None => (line, None),
    };
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

fn good(name: &str) -> Result<&str, Refused> {
    let is_bad = |c: char| c.is_control() || c.is_whitespace();
    if name.len() > LONGEST_NAME || name.chars().any(is_bad) {
        return Err(Refused::BadName);
    }
    if name == ADMINISTRATOR {
        return Err(Refused::Reserved);
    }
    Ok(name)
}
