//! What is understood, and each mistake.

use super::*;

fn asked(args: &[&str]) -> Result<Request, String> {
    parse(args.iter().map(OsString::from)).map_err(|usage| usage.0)
}

fn run(args: &[&str]) -> Run {
    match asked(args) {
        Ok(Request::Run(run)) => run,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_stands_behind_the_program_is_the_programs() {
    let all = ["--text", "--state", "--narration", "--root", "a", "--root", "b", "--limit"];
    let words = ["2.5", "--record", "r", "--input", "i", "--example", "e", "p", "--text", "x"];
    let expected = Run {
        show: Show { face: Face::Text, tell: Tell { state: true, narration: true } },
        record: Some("r".into()),
        input: Some("i".into()),
        limit: Some(Duration::from_millis(2500)),
        roots: vec!["a".into(), "b".into()],
        example: Some("e".into()),
        program: "p".into(),
        args: vec!["--text".into(), "x".into()],
    };
    assert_eq!(run(&[&all[..], &words[..]].concat()), expected);
    assert_eq!(run(&["p", "--", "--help", "--"]).args, ["--help", "--"]);
    assert_eq!(run(&["./replay"]).program, PathBuf::from("./replay"));
}

#[test]
fn a_recording_is_only_shown() {
    let show = Show { face: Face::Text, tell: Tell { state: true, narration: false } };
    let replay = |args| asked(args).ok();
    let expected = || Some(Request::Replay("f".into(), show));
    assert_eq!(replay(&["replay", "f", "--text", "--state"]), expected());
    assert_eq!(replay(&["--text", "replay", "--state", "f"]), expected());
}

#[test]
fn the_recordings_of_the_repository_are_compared_or_renewed() {
    let kept = |task, demos: &[&str]| {
        let demos = demos.iter().map(ToString::to_string).collect();
        Ok(Request::Kept(Kept { task, demos }))
    };
    assert_eq!(asked(&["check"]), kept(Task::Check, &[]));
    assert_eq!(asked(&["record-all", "a", "b"]), kept(Task::Renew, &["a", "b"]));
    assert_eq!(run(&["./check"]).program, PathBuf::from("./check"));
    assert_eq!(run(&["--text", "check"]).program, PathBuf::from("check"), "a program of this name");
}

#[test]
fn each_mistake_is_one_sentence() {
    for (args, sentence) in [
        (&[][..], "which PROGRAM is to go on the stage?"),
        (&["--text"], "which PROGRAM is to go on the stage?"),
        (&["--fast", "p"], "invalid option '--fast'"),
        (&["--text", "--step", "p"], "--step or --text, not both"),
        (&["--limit", "soon", "p"], "soon is no number of seconds"),
        (&["--limit", "0", "p"], "0 is no number of seconds"),
        (&["--limit", "-1", "p"], "-1 is no number of seconds"),
        (&["--record"], "missing argument for option '--record'"),
        (&["replay"], "replay needs the FILE of a recording"),
        (&["replay", "f", "g"], "unexpected argument \"g\""),
        (&["check", "--text"], "only names of demos stand here"),
        (&["replay", "f", "--record", "g"], "a recording is only shown"),
    ] {
        assert_eq!(asked(args), Err(format!("{sentence} (try: stage --help)")));
    }
}
