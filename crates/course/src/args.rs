//! The arguments as a value.
//!
//! What stands behind the first `--` belongs to the demo and is passed on as it is, UTF-8 or not.

use std::ffi::OsString;

use cli::Usage;
use lexopt::Arg;

use crate::names::nearest;

/// What `help` prints.
pub(crate) const HELP: &str = "\
Nine Days: Linux network and concurrent programming, in Rust.

  cargo course
      the nine days, which demos you have run, and the one to run next
  cargo course list
      every demo: what it shows, how many minutes it takes, its broken twins
  cargo course demo NAME [-- ARGS]
      runs a demo; NAME or a part of it (poll), ARGS such as --help go to the demo
  cargo course doctor
      what this machine lacks, what that costs and what to do
  cargo course help
      this text
";

const COMMANDS: [&str; 4] = ["list", "demo", "doctor", "help"];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Map,
    List,
    Demo { name: String, args: Vec<OsString> },
    Doctor,
    Help,
}

/// Reads the arguments, without the program's own name.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, Usage> {
    let mut args = args.into_iter();
    let ours: Vec<_> = args.by_ref().take_while(|arg| arg != "--").collect();
    let theirs: Vec<_> = args.collect();
    let mut words = Vec::new();
    let mut parser = lexopt::Parser::from_args(ours);
    while let Some(arg) = parser.next().map_err(|e| usage(&e.to_string()))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Request::Help),
            Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            other => return Err(usage(&other.unexpected().to_string())),
        }
    }
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let request = match words[..] {
        [] => Request::Map,
        ["list"] => Request::List,
        ["doctor"] => Request::Doctor,
        ["help"] => Request::Help,
        ["demo"] | ["demo", ""] => return Err(usage("demo needs the NAME of one")),
        ["demo", name] => return Ok(Request::Demo { name: name.into(), args: theirs }),
        ["demo", _, extra, ..] => {
            return Err(usage(&format!("'{extra}': what the demo is to get stands behind --")));
        }
        [command, extra, ..] if COMMANDS.contains(&command) => {
            return Err(usage(&format!("'{extra}' is one argument too many")));
        }
        [unknown, ..] => {
            let near = nearest(unknown, COMMANDS).map(|name| format!("; did you mean '{name}'?"));
            let near = near.unwrap_or_default();
            return Err(usage(&format!("no command is called '{unknown}'{near}")));
        }
    };
    match theirs.first() {
        None => Ok(request),
        Some(extra) => Err(usage(&format!("'{}': only a demo gets arguments", extra.display()))),
    }
}

fn usage(mistake: &str) -> Usage {
    Usage(format!("{mistake} (try: cargo course help)"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    fn asked(args: &[&str]) -> Result<Request, String> {
        parse(args.iter().map(OsString::from)).map_err(|usage| usage.0)
    }

    #[test]
    fn each_command_is_understood() {
        assert_eq!(asked(&[]), Ok(Request::Map));
        assert_eq!(asked(&["list"]), Ok(Request::List));
        assert_eq!(asked(&["doctor"]), Ok(Request::Doctor));
        for help in ["help", "--help", "-h"] {
            assert_eq!(asked(&[help]), Ok(Request::Help));
        }
        assert_eq!(asked(&["demo", "--help"]), Ok(Request::Help));
    }

    #[test]
    fn what_stands_behind_the_dashes_is_the_demos() {
        let demo = |args: &[&str]| Request::Demo {
            name: "poll".into(),
            args: args.iter().map(OsString::from).collect(),
        };
        assert_eq!(asked(&["demo", "poll"]), Ok(demo(&[])));
        assert_eq!(asked(&["demo", "poll", "--"]), Ok(demo(&[])));
        let args = ["--help", "--", "-x"];
        assert_eq!(asked(&["demo", "poll", "--", "--help", "--", "-x"]), Ok(demo(&args)));
        let raw = OsString::from_vec(vec![0xff]);
        let request = parse(["demo".into(), "poll".into(), "--".into(), raw.clone()]);
        assert_eq!(request, Ok(Request::Demo { name: "poll".into(), args: vec![raw] }));
    }

    #[test]
    fn each_mistake_is_one_sentence() {
        for (args, sentence) in [
            (&["demo"][..], "demo needs the NAME of one"),
            (&["demo", ""], "demo needs the NAME of one"),
            (&["demo", "poll", "server"], "'server': what the demo is to get stands behind --"),
            (&["list", "4"], "'4' is one argument too many"),
            (&["lits"], "no command is called 'lits'; did you mean 'list'?"),
            (&["dmeo", "poll"], "no command is called 'dmeo'; did you mean 'demo'?"),
            (&["xyzzy"], "no command is called 'xyzzy'"),
            (&["--fast"], "invalid option '--fast'"),
            (&["list", "--", "x"], "'x': only a demo gets arguments"),
            (&["--", "list"], "'list': only a demo gets arguments"),
        ] {
            assert_eq!(asked(args), Err(format!("{sentence} (try: cargo course help)")));
        }
    }

    #[test]
    fn every_command_is_in_the_help() {
        for command in COMMANDS {
            assert!(HELP.contains(&format!("\n  cargo course {command}")), "{command}");
        }
    }
}
