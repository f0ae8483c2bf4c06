//! Each command, and each mistake.

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
        stage: None,
    };
    assert_eq!(asked(&["demo", "poll"]), Ok(demo(&[])));
    assert_eq!(asked(&["demo", "poll", "--"]), Ok(demo(&[])));
    let args = ["--help", "--", "-x"];
    assert_eq!(asked(&["demo", "poll", "--", "--help", "--", "-x"]), Ok(demo(&args)));
    let raw = OsString::from_vec(vec![0xff]);
    let request = parse(["demo".into(), "poll".into(), "--".into(), raw.clone()]);
    assert_eq!(request, Ok(Request::Demo { name: "poll".into(), args: vec![raw], stage: None }));
}

#[test]
fn what_is_said_to_the_stage_is_passed_on() {
    let stage = |options: &[&str], example: Option<&str>| Stage {
        options: options.iter().map(OsString::from).collect(),
        example: example.map(Into::into),
    };
    let demo = |stage: Stage, args: &[&str]| {
        let args = args.iter().map(OsString::from).collect();
        Ok(Request::Demo { name: "poll".into(), args, stage: Some(stage) })
    };
    assert_eq!(asked(&["demo", "poll", "--step"]), demo(stage(&["--step"], None), &[]));
    let text = ["demo", "--text", "poll", "--state", "--example", "spin", "--", "--text"];
    assert_eq!(asked(&text), demo(stage(&["--text", "--state"], Some("spin")), &["--text"]));
    let record = ["demo", "poll", "--record", "a file"];
    assert_eq!(asked(&record), demo(stage(&["--record", "a file"], None), &[]));
    let typed = ["demo", "poll", "--step", "--input", "keys", "--limit", "9", "--", "client", "a"];
    let options = ["--step", "--input", "keys", "--limit", "9"];
    assert_eq!(asked(&typed), demo(stage(&options, None), &["client", "a"]));
    let replay = Request::Replay { file: "f".into(), stage: stage(&["--text"], None) };
    assert_eq!(asked(&["replay", "f", "--text"]), Ok(replay));
}

#[test]
fn the_commands_about_exercises_are_understood() {
    let name = || Some("a".to_owned());
    for (args, request) in [
        (&["start"][..], Request::Start { what: None }),
        (&["start", "4"], Request::Start { what: Some("4".into()) }),
        (&["watch", "a"], Request::Watch { name: name() }),
        (&["check"], Request::Check { name: None, brief: false }),
        (&["check", "--brief", "a"], Request::Check { name: name(), brief: true }),
        (&["hint", "a"], Request::Hint { name: name() }),
        (&["solution", "a"], Request::Solution { name: "a".into(), give_up: false }),
        (&["solution", "a", "--give-up"], Request::Solution { name: "a".into(), give_up: true }),
        (&["reset", "a"], Request::Reset { name: "a".into() }),
        (&["progress"], Request::Progress { export: None }),
        (&["progress", "--export=f"], Request::Progress { export: Some("f".into()) }),
        (&["class", "f", "g"], Request::Class { files: vec!["f".into(), "g".into()] }),
        (&["schedule", "day04"], Request::Schedule { day: Some(4) }),
        (
            &["verify", "a", "--load"],
            Request::Verify { names: vec!["a".into()], load: true, again: false },
        ),
        (&["verify", "--again"], Request::Verify { names: vec![], load: false, again: true }),
        (&["reset", "--help"], Request::Help),
    ] {
        assert_eq!(asked(args), Ok(request));
    }
}

#[test]
fn each_mistake_is_one_sentence() {
    for (args, sentence) in [
        (&["demo"][..], "demo needs the NAME of one"),
        (&["demo", ""], "demo needs the NAME of one"),
        (&["demo", "poll", "server"], "'server': what the demo is to get stands behind --"),
        (&["replay"], "replay needs the FILE of a recording"),
        (&["replay", "f", "g"], "'g' is one argument too many"),
        (&["replay", "f", "--", "g"], "'g': only a demo gets arguments"),
        (&["list", "--text"], "invalid option '--text'"),
        (&["demo", "poll", "--record"], "missing argument for option '--record'"),
        (&["list", "4"], "'4' is one argument too many"),
        (&["lits"], "no command is called 'lits'; did you mean 'list'?"),
        (&["dmeo", "poll"], "no command is called 'dmeo'; did you mean 'demo'?"),
        (&["xyzzy"], "no command is called 'xyzzy'"),
        (&["--fast"], "invalid option '--fast'"),
        (&["list", "--", "x"], "'x': only a demo gets arguments"),
        (&["check", "a", "b"], "'b' is one argument too many"),
        (&["solution"], "solution needs the NAME of an exercise"),
        (&["reset", ""], "reset needs the NAME of an exercise"),
        (&["schedule", "0"], "'0' is no day from 1 to 9"),
        (&["progress", "f"], "'f' is one argument too many"),
        (&["check", "--", "x"], "'x': only a demo gets arguments"),
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
