//! The commands of cargo in a text, in `code` and in blocks: each must be one that works.

use super::Knowledge;
use crate::args::{self, Request};
use crate::names;

/// Those of cargo's own that may stand in a text without being looked at.
const PLAIN: [&str; 6] = ["build", "check", "clippy", "doc", "fmt", "add"];

/// What is wrong with them.
pub(super) fn complaints(file: &str, text: &str, known: &Knowledge) -> Vec<String> {
    let wrong = |command: &String| {
        let why = wrong(command, known)?;
        Some(format!("{file} has the command '{command}': {why}"))
    };
    commands(text).iter().filter_map(wrong).collect()
}

fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            block = !block;
        } else if block {
            let line = line.trim().trim_start_matches("$ ");
            found.extend(line.starts_with("cargo ").then(|| line.to_owned()));
        } else {
            let code = line.split('`').skip(1).step_by(2);
            found.extend(code.filter(|code| code.starts_with("cargo ")).map(String::from));
        }
    }
    found
}

fn wrong(command: &str, known: &Knowledge) -> Option<String> {
    let words: Vec<_> = command.split(" #").next()?.split_whitespace().skip(1).collect();
    let option = |names: &[&str]| {
        let at = words.iter().position(|word| names.contains(word))?;
        words.get(at + 1).copied()
    };
    match *words.first()? {
        "course" => match args::parse(words[1..].iter().map(Into::into)) {
            Err(usage) => Some(usage.0),
            Ok(request) => unknown(&request, known),
        },
        "run" => match (option(&["-p", "--package"]), option(&["--example"])) {
            (None, _) => Some("which package?".into()),
            (Some(package), twin) => {
                let demo = known.demos.iter().find(|demo| demo.name == package);
                let has =
                    |twin: &&str| demo.is_some_and(|demo| demo.twins.iter().any(|t| t == twin));
                match (demo, twin) {
                    (None, _) => Some(format!("no demo is called '{package}'")),
                    (_, Some(twin)) if !has(&twin) => Some(format!("it has no example '{twin}'")),
                    _ => None,
                }
            }
        },
        "test" => {
            let package = option(&["-p", "--package"])?;
            let is_known = known.exercises.iter().any(|exercise| exercise.name == package)
                || known.demos.iter().any(|demo| demo.name == package);
            (!is_known).then(|| format!("no exercise is called '{package}'"))
        }
        plain if PLAIN.contains(&plain) => None,
        other => Some(format!("nobody knows what 'cargo {other}' is good for here")),
    }
}

/// Names in a request that mean nothing. NAME stands for any.
fn unknown(request: &Request, known: &Knowledge) -> Option<String> {
    let exercise = |name: &str| match name {
        "NAME" => None,
        name => names::exercise(&known.exercises, name).err(),
    };
    let usage = match request {
        Request::Demo { name, .. } if name != "NAME" => names::demo(&known.demos, name).err(),
        Request::Start { what: Some(name) } if args::exercise::day(name).is_some() => None,
        Request::Start { what: Some(name) }
        | Request::Watch { name: Some(name) }
        | Request::Check { name: Some(name), .. }
        | Request::Hint { name: Some(name) }
        | Request::Solution { name, .. }
        | Request::Reset { name } => exercise(name),
        _ => None,
    };
    usage.map(|usage| usage.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Demo;
    use crate::exercise::Exercise;

    #[test]
    fn commands_stand_in_code() {
        let text =
            "Run `cargo test` or cargo bench, `ls`.\n```sh\n$ cargo run\nls\n```\n`cargo doc`";
        assert_eq!(commands(text), ["cargo test", "cargo run", "cargo doc"]);
    }

    #[test]
    fn each_command_must_work() {
        let demo =
            Demo { name: "day04-poll".into(), twins: vec!["spin".into()], ..Demo::default() };
        let exercise = Exercise { name: "poll-echo".into(), ..Exercise::default() };
        let known =
            Knowledge { demos: vec![demo], exercises: vec![exercise], syllabus: String::new() };
        for good in [
            "course",
            "course demo poll --text",
            "course watch poll-echo",
            "course hint NAME",
            "course start 4",
            "run -p day04-poll --example spin",
            "test -p poll-echo",
            "doc --open",
            "course demo day04-poll --text # the steps",
        ] {
            assert_eq!(wrong(&format!("cargo {good}"), &known), None, "{good}");
        }
        for bad in [
            "course wach",
            "course demo pool",
            "course check --slow",
            "course reset epoll-edge",
            "run",
            "run -p day04-epoll",
            "run -p day04-poll --example leak",
            "test -p poll",
            "bench",
        ] {
            assert!(wrong(&format!("cargo {bad}"), &known).is_some(), "{bad}");
        }
    }
}
