//! The shape of a demo's command line.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use lexopt::Arg;

use crate::outcome::{Outcome, Usage, exit};

/// Which program this is: `cli::id!()` fills it in at compile time.
#[derive(Clone, Copy, Debug)]
pub struct Id {
    /// The package, such as `day04-poll`.
    pub package: &'static str,
    /// The program: the package again, or the name of one of its examples.
    pub program: &'static str,
}

/// The [`Id`] of the program that is being compiled.
#[macro_export]
macro_rules! id {
    () => {
        $crate::Id { package: env!("CARGO_PKG_NAME"), program: env!("CARGO_BIN_NAME") }
    };
}

/// One way to run a demo, for lessons that need two terminals.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// The word after `--`, such as `server`.
    pub name: &'static str,
    /// Names of the arguments that follow; the ones in brackets, last, may be left out.
    pub args: &'static [&'static str],
    /// One line for `--help`.
    pub help: &'static str,
    /// Gets as many arguments as `args` says.
    pub run: fn(&[String]) -> Outcome,
}

/// A demo: a whole lesson, and perhaps roles.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// Which program this is.
    pub id: Id,
    /// What it shows, in a sentence.
    pub about: &'static str,
    /// What runs when there is no argument.
    pub lesson: fn() -> Outcome,
    /// What else can be run.
    pub roles: &'static [Role],
}

impl Demo {
    /// Reads the arguments, runs what they ask for, and gives the exit status.
    pub fn main(self) -> ExitCode {
        exit(self.id.program, self.dispatch(std::env::args_os().skip(1)))
    }

    fn dispatch(&self, args: impl IntoIterator<Item = OsString>) -> Outcome {
        let mut words = Vec::new();
        let mut parser = lexopt::Parser::from_args(args);
        while let Some(arg) = parser.next().map_err(|e| self.usage(&e.to_string()))? {
            match arg {
                Arg::Short('h') | Arg::Long("help") => {
                    return Ok(std::io::stdout().write_all(self.help().as_bytes())?);
                }
                Arg::Value(word) => words.push(
                    word.into_string()
                        .map_err(|word| self.usage(&format!("{} is not UTF-8", word.display())))?,
                ),
                other => return Err(self.usage(&other.unexpected().to_string()).into()),
            }
        }
        let Some((name, args)) = words.split_first() else { return (self.lesson)() };
        let Some(role) = self.roles.iter().find(|role| role.name == name) else {
            return Err(self.usage(&format!("no role is called '{name}'")).into());
        };
        let needed = role.args.iter().filter(|arg| !arg.starts_with('[')).count();
        if let Some(missing) = role.args[..needed].get(args.len()) {
            return Err(self.usage(&format!("the {name} needs {missing}")).into());
        }
        if let Some(extra) = args.get(role.args.len()) {
            return Err(self.usage(&format!("'{extra}' is one argument too many")).into());
        }
        (role.run)(args)
    }

    /// The command as it is typed.
    fn command(&self) -> String {
        let Id { package, program } = self.id;
        let example =
            if program == package { String::new() } else { format!(" --example {program}") };
        format!("cargo run -p {package}{example}")
    }

    fn usage(&self, mistake: &str) -> Usage {
        Usage(format!("{mistake} (try: {} -- --help)", self.command()))
    }

    fn help(&self) -> String {
        let command = self.command();
        let mut text = format!("{}\n\n  {command}\n      the whole lesson\n", self.about);
        for Role { name, args, help, .. } in self.roles {
            let words = [&[*name], *args].concat().join(" ");
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {command} -- {words}\n      {help}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    const DEMO: Demo = Demo {
        id: Id { package: "day00-none", program: "day00-none" },
        about: "A lesson.",
        lesson: || Err("the lesson ran".into()),
        roles: &[Role {
            name: "server",
            args: &["ADDR", "[FILE]"],
            help: "serves",
            run: |args| Err(format!("server ran with {args:?}").into()),
        }],
    };

    fn said(args: &[&str]) -> String {
        DEMO.dispatch(args.iter().map(OsString::from)).unwrap_err().to_string()
    }

    #[test]
    fn no_argument_is_the_lesson_and_a_role_gets_its_arguments() {
        assert_eq!(said(&[]), "the lesson ran");
        assert_eq!(said(&["server", "a"]), r#"server ran with ["a"]"#);
        assert_eq!(said(&["server", "a", "b"]), r#"server ran with ["a", "b"]"#);
        assert_eq!(said(&["server", "--", "-1"]), r#"server ran with ["-1"]"#);
    }

    #[test]
    fn each_mistake_is_a_sentence_and_a_usage_error() {
        let hint = "(try: cargo run -p day00-none -- --help)";
        assert_eq!(said(&["server"]), format!("the server needs ADDR {hint}"));
        assert_eq!(said(&["sever"]), format!("no role is called 'sever' {hint}"));
        assert_eq!(
            said(&["server", "a", "b", "c"]),
            format!("'c' is one argument too many {hint}")
        );
        assert_eq!(said(&["--fast"]), format!("invalid option '--fast' {hint}"));
        let raw = OsString::from_vec(vec![b'a', 0xff]);
        let error = DEMO.dispatch([raw]).unwrap_err();
        assert!(error.is::<Usage>() && error.to_string().contains("is not UTF-8"), "{error}");
    }

    #[test]
    fn help_shows_every_role() {
        let help = DEMO.help();
        assert!(help.starts_with("A lesson.\n"), "{help}");
        assert!(
            help.contains("cargo run -p day00-none -- server ADDR [FILE]\n      serves\n"),
            "{help}"
        );
    }
}
