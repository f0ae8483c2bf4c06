//! The broken twins are broken in the way that they say.

use testkit::Program;

#[test]
fn hash_in_read_misses_a_mark_that_does_not_come_alone() {
    let done = Program::example("hash_in_read").run();
    done.succeeded();
    for line in [
        r###"ann sent ["##\n"]: the server has ended"###,
        r##"bob sent ["#", "#\n"]: the server is still there"##,
        r#"cat sent ["bye\n##\n"]: the server is still there"#,
    ] {
        assert!(done.stdout.lines().any(|l| l == line), "{line} is not in\n{}", done.stdout);
    }
}

#[test]
fn one_client_only_leaves_the_others_alone() {
    let done = Program::example("one_client_only").run();
    done.succeeded();
    for (who, what) in [
        ("ann, its first client", r#"hears "hello\n" and the end"#),
        ("bob, who was connected and waited", "Connection reset by peer"),
        ("cat, who comes later", "Connection refused"),
    ] {
        let found = done.stdout.lines().any(|l| l.starts_with(who) && l.contains(what));
        assert!(found, "{who}: {what} is not in\n{}", done.stdout);
    }
}
