//! What is said to the stage: `demo NAME --step …` and `replay FILE`.

use std::ffi::OsString;

use cli::Usage;
use lexopt::Parser;

use super::given::{Given, name};
use super::{Request, usage};

const FLAGS: [&str; 4] = ["--step", "--text", "--state", "--narration"];
const VALUED: [&str; 4] = ["--record", "--example", "--input", "--limit"];

/// What the stage is told, beside what is to go on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stage {
    pub(crate) options: Vec<OsString>,
    pub(crate) example: Option<String>,
}

impl Stage {
    fn of(given: &mut Given) -> Self {
        let mut stage = Self::default();
        for (option, value) in given.options.drain(..) {
            match (option, value) {
                ("--example", Some(value)) => stage.example = Some(name(&value)),
                (option, value) => stage.options.extend([option.into()].into_iter().chain(value)),
            }
        }
        stage
    }
}

/// What stands behind `--` is the demo's.
pub(super) fn demo(parser: &mut Parser, theirs: &mut Vec<OsString>) -> Result<Request, Usage> {
    let Some(mut given) = Given::read("demo", parser, &FLAGS, &VALUED)? else {
        return Ok(Request::Help);
    };
    let stage = (!given.options.is_empty()).then(|| Stage::of(&mut given));
    if let Some(extra) = given.words.get(1) {
        let mistake = format!("'{}': what the demo is to get stands behind --", extra.display());
        return Err(usage(&mistake));
    }
    let name = name(&given.exactly("the NAME of one")?);
    Ok(Request::Demo { name, args: std::mem::take(theirs), stage })
}

pub(super) fn replay(parser: &mut Parser) -> Result<Request, Usage> {
    let Some(mut given) = Given::read("replay", parser, &FLAGS, &VALUED)? else {
        return Ok(Request::Help);
    };
    let stage = Stage::of(&mut given);
    // As it was typed, UTF-8 or not.
    Ok(Request::Replay { file: given.exactly("the FILE of a recording")?, stage })
}
