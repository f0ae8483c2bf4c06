//! The commands about exercises, and about all of them.

use cli::Usage;
use lexopt::Parser;

use super::given::{Given, name};
use super::{Request, usage};
use crate::days::DAYS;

/// The rest of a command's arguments; asked for help, that is the request.
macro_rules! given {
    ($command:literal, $parser:ident, $flags:expr, $valued:expr) => {
        match Given::read($command, $parser, &$flags, &$valued)? {
            Some(given) => given,
            None => return Ok(Request::Help),
        }
    };
}

pub(super) fn start(parser: &mut Parser) -> Result<Request, Usage> {
    let what = given!("start", parser, [], []).one()?;
    Ok(Request::Start { what: what.as_ref().map(name) })
}

pub(super) fn watch(parser: &mut Parser) -> Result<Request, Usage> {
    let one = given!("watch", parser, [], []).one()?;
    Ok(Request::Watch { name: one.as_ref().map(name) })
}

pub(super) fn check(parser: &mut Parser) -> Result<Request, Usage> {
    let given = given!("check", parser, ["--brief"], []);
    let brief = given.has("--brief");
    Ok(Request::Check { name: given.one()?.as_ref().map(name), brief })
}

pub(super) fn hint(parser: &mut Parser) -> Result<Request, Usage> {
    let one = given!("hint", parser, [], []).one()?;
    Ok(Request::Hint { name: one.as_ref().map(name) })
}

pub(super) fn solution(parser: &mut Parser) -> Result<Request, Usage> {
    let given = given!("solution", parser, ["--give-up"], []);
    let give_up = given.has("--give-up");
    Ok(Request::Solution { name: name(&given.exactly("the NAME of an exercise")?), give_up })
}

pub(super) fn reset(parser: &mut Parser) -> Result<Request, Usage> {
    let given = given!("reset", parser, [], []);
    Ok(Request::Reset { name: name(&given.exactly("the NAME of an exercise")?) })
}

pub(super) fn progress(parser: &mut Parser) -> Result<Request, Usage> {
    let given = given!("progress", parser, [], ["--export"]);
    let export = given.value("--export");
    match given.words.first() {
        Some(extra) => Err(super::given::too_many(extra)),
        None => Ok(Request::Progress { export }),
    }
}

pub(super) fn class(parser: &mut Parser) -> Result<Request, Usage> {
    match given!("class", parser, [], []).words {
        files if files.is_empty() => {
            Err(usage("class needs the FILEs that 'cargo course progress --export FILE' wrote"))
        }
        files => Ok(Request::Class { files }),
    }
}

pub(super) fn schedule(parser: &mut Parser) -> Result<Request, Usage> {
    let word = given!("schedule", parser, [], []).one()?.as_ref().map(name);
    match word.as_deref().map(|word| day(word).ok_or(word)).transpose() {
        Ok(day) => Ok(Request::Schedule { day }),
        Err(word) => Err(usage(&format!("'{word}' is no day from 1 to {}", DAYS.end()))),
    }
}

pub(super) fn verify(parser: &mut Parser) -> Result<Request, Usage> {
    let given = given!("verify", parser, ["--load", "--again"], []);
    let (load, again) = (given.has("--load"), given.has("--again"));
    Ok(Request::Verify { names: given.words.iter().map(name).collect(), load, again })
}

/// `4`, `04`, `day4` and `day04` are a day.
pub(crate) fn day(word: &str) -> Option<u64> {
    let digits = word.strip_prefix("day").unwrap_or(word);
    digits.parse().ok().filter(|day| DAYS.contains(day))
}
