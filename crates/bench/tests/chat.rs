//! The benchmark runs to its end, and what it counts is right: deliveries and losses do not depend
//! on how busy this machine is, times do and are not looked at.

use testkit::Program;

fn chat() -> Program {
    Program::new(env!("CARGO_BIN_EXE_chat"))
}

#[test]
fn a_case_names_all_servers_and_loses_nothing() {
    for case in ["50 members, 20 senders, equal", "200 members, 1 sender, equal"] {
        let finished = chat().args(["--quick", "--only", case]).run();
        finished.succeeded();
        assert!(finished.stdout.lines().any(|line| line.starts_with(case)), "{}", finished.stdout);
        let counted = format!("ok     {case}: ours has lost 0, out of order or not said 0");
        assert!(finished.stdout.contains(&counted), "{}", finished.stdout);
    }
}

#[test]
fn dead_and_sleeping_members_take_nothing_from_the_others() {
    let finished = chat().args(["--quick", "--check", "--only", "bad members"]).run();
    finished.succeeded();
    let counted = "ok     ours: 12736 deliveries to the others of 12736, 12736 without";
    assert!(finished.stdout.contains(counted), "{}", finished.stdout);
}

#[test]
fn without_python_it_says_so() {
    let only = ["--quick", "--only", "50 members, 1 sender"];
    let finished = chat().args(only).env("PATH", "/nonexistent").run();
    finished.succeeded();
    assert!(finished.stdout.contains("SKIPPED Python"), "{}", finished.stdout);
}

#[test]
fn a_low_limit_of_descriptors_is_told() {
    chat().args(["--quick"]).max_files(1_200).run().failed(1, "no room for 3,200 descriptors");
}

#[test]
fn help_and_mistakes() {
    let finished = chat().args(["--help"]).run();
    finished.succeeded();
    assert!(finished.stdout.contains("--quick") && finished.stdout.contains("--check"));
    chat().args(["--fast"]).run().failed(2, "'--fast'");
    chat().args(["--only", "nobody"]).run().failed(2, "\"nobody\"");
    chat().args(["serve", "nobody"]).run().failed(2, "\"nobody\"");
}
