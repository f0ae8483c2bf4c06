//! The example that plays one request in each of the five models.

use testkit::Program;
use testkit::lesson::{into_nobodys_pipe, leaves_nothing_behind, onto_a_full_disk};

fn session() -> Program {
    Program::example("http-session")
}

#[test]
fn the_same_answer_from_each_model() {
    let names = ["iterative", "fork     ", "thread   ", "pool     ", "epoll    "];
    let all = names.map(|name| format!("{name}  HTTP/1.1 200 OK: 你好\n"));
    let played = session().run();
    played.succeeded();
    assert_eq!(played.stdout, all.concat());
    for (name, line) in names.iter().zip(all) {
        let played = session().args([name.trim_end()]).run();
        played.succeeded();
        assert_eq!(played.stdout, line);
    }
}

#[test]
fn nothing_stays_behind_when_it_ends_or_breaks_off() {
    for model in ["fork", "pool"] {
        leaves_nothing_behind(session().args([model]).without_stdin());
        into_nobodys_pipe(session().args([model]));
        onto_a_full_disk(session().args([model]));
    }
}
