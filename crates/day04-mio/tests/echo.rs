//! The demo as its users meet it.

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-mio");

testkit::echo_suite!(PROGRAM);

/// The terminal reaches the loop through a thread and a Waker.
#[test]
fn commands_are_typed_while_clients_are_served() {
    let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).stdin_pipe().spawn();
    let client = testkit::peer::connect(server.addr()).unwrap();
    assert_eq!(testkit::peer::ask(&client, b"hello").unwrap(), b"hello");
    // Two lines in one write are two commands.
    server.type_in("who\nwhat\n");
    server.line("  1 clients");
    server.line("'what' is neither who nor quit");
    assert_eq!(testkit::peer::ask(&client, b"again").unwrap(), b"again");
    server.type_in("quit\n");
    server.wait().succeeded();
}

/// Input that is at its end does not end the server: the suite runs it on /dev/null.
#[test]
fn a_file_of_commands_is_read() {
    let mut server = Program::new("sh")
        .args(["-c", &format!("printf 'who\\nquit\\n' | {PROGRAM} server 127.0.0.1:0")])
        .spawn();
    server.line("  0 clients");
    server.wait().succeeded();
}
