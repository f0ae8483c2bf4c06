//! The example that plays a session: what everybody types and sees.

use testkit::Program;
use testkit::lesson::{into_nobodys_pipe, leaves_nothing_behind, onto_a_full_disk};

#[test]
fn a_session_from_the_first_login_to_the_last_quit() {
    let played = Program::example("chat-session").run();
    played.succeeded();
    let (first, rest) = played.stdout.split_once('\n').unwrap_or_default();
    assert!(first.starts_with("server  shows listening on 127.0.0.1:"), "{first}");
    assert_eq!(
        rest,
        "ann     shows 您已进入聊天室\n\
         bob     shows 您已进入聊天室\n\
         ann     shows 欢迎 bob 进入聊天室\n\
         ann     types hello, bob\n\
         bob     shows ann 说:hello, bob\n\
         bob     types 你好\n\
         ann     shows bob 说:你好\n\
         server  types five minutes left\n\
         ann     shows 管理员 说:five minutes left\n\
         bob     shows 管理员 说:five minutes left\n\
         bob     types quit\n\
         bob     has ended\n\
         ann     shows bob退出了聊天室\n\
         ann     types quit\n\
         ann     has ended\n\
         server  has ended\n"
    );
}

#[test]
fn nothing_stays_behind_when_it_ends_or_breaks_off() {
    leaves_nothing_behind(Program::example("chat-session").without_stdin());
    into_nobodys_pipe(Program::example("chat-session"));
    onto_a_full_disk(Program::example("chat-session"));
}
