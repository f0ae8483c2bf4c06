//! The arguments as a value.
//!
//! What stands behind the first `--` belongs to the demo and is passed on as it is, UTF-8 or not.

pub(crate) mod exercise;
mod given;
mod help;
mod stage;

use std::ffi::OsString;

use cli::Usage;
use lexopt::{Arg, Parser};

use self::given::Given;
pub(crate) use self::help::{COMMANDS, HELP};
pub(crate) use self::stage::Stage;
use crate::book;
use crate::names::nearest;

/// What was asked for. Names are as they were typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Map,
    List,
    Demo { name: String, args: Vec<OsString>, stage: Option<Stage> },
    Replay { file: OsString, stage: Stage },
    Start { what: Option<String> },
    Watch { name: Option<String> },
    Check { name: Option<String>, brief: bool },
    Hint { name: Option<String> },
    Solution { name: String, give_up: bool },
    Reset { name: String },
    Progress { export: Option<OsString> },
    Class { files: Vec<OsString> },
    Schedule { day: Option<u64> },
    Doctor,
    Verify { names: Vec<String>, load: bool, again: bool },
    Book(book::Request),
    Help,
}

/// Reads the arguments, without the program's own name.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, Usage> {
    let mut args = args.into_iter();
    let ours: Vec<_> = args.by_ref().take_while(|arg| arg != "--").collect();
    let mut theirs: Vec<_> = args.collect();
    if let Some(book) = book::args::parse(&ours) {
        return book.map(Request::Book);
    }
    let mut parser = Parser::from_args(ours);
    let request = match parser.next().map_err(|e| usage(&e.to_string()))? {
        None => Request::Map,
        Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Request::Help),
        Some(Arg::Value(word)) => command(&word.to_string_lossy(), &mut parser, &mut theirs)?,
        Some(option) => return Err(usage(&option.unexpected().to_string())),
    };
    match theirs.first() {
        Some(extra) if request != Request::Help => {
            Err(usage(&format!("'{}': only a demo gets arguments", extra.display())))
        }
        _ => Ok(request),
    }
}

fn command(word: &str, parser: &mut Parser, theirs: &mut Vec<OsString>) -> Result<Request, Usage> {
    match word {
        "list" => alone("list", parser, Request::List),
        "doctor" => alone("doctor", parser, Request::Doctor),
        "help" => alone("help", parser, Request::Help),
        "demo" => stage::demo(parser, theirs),
        "replay" => stage::replay(parser),
        "start" => exercise::start(parser),
        "watch" => exercise::watch(parser),
        "check" => exercise::check(parser),
        "hint" => exercise::hint(parser),
        "solution" => exercise::solution(parser),
        "reset" => exercise::reset(parser),
        "progress" => exercise::progress(parser),
        "class" => exercise::class(parser),
        "schedule" => exercise::schedule(parser),
        "verify" => exercise::verify(parser),
        // Everything but a call for help was understood above.
        "book" => Ok(Request::Help),
        unknown => {
            let near = nearest(unknown, COMMANDS).map(|name| format!("; did you mean '{name}'?"));
            let near = near.unwrap_or_default();
            Err(usage(&format!("no command is called '{unknown}'{near}")))
        }
    }
}

/// A command without anything.
fn alone(command: &'static str, parser: &mut Parser, request: Request) -> Result<Request, Usage> {
    let Some(given) = Given::read(command, parser, &[], &[])? else { return Ok(Request::Help) };
    match given.words.first() {
        Some(extra) => Err(given::too_many(extra)),
        None => Ok(request),
    }
}

fn usage(mistake: &str) -> Usage {
    Usage(format!("{mistake} (try: cargo course help)"))
}

#[cfg(test)]
mod tests;
