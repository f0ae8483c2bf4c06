//! The lesson and the five roles, as their users meet them.

use testkit::Program;
use testkit::echo;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day08-servers");

/// Which clients of the suite a model can bear: not all of them, and that is what the day is about.
mod thread {
    testkit::echo_server_suite!(super::PROGRAM, "thread");
}

mod poll {
    testkit::echo_server_suite!(super::PROGRAM, "poll");
}

/// Everything but what looks for a thousand connections, or for EMFILE, in the process that
/// accepts: it holds none.
mod fork {
    testkit::echo_server_suite!(@tests super::PROGRAM, "fork";
        a_busy_port_is_refused, ctrl_c_ends_the_server, nc_gets_its_echo, bash_gets_its_echo,
        a_reset_costs_one_client, a_dripping_client_stops_nobody,
        a_client_that_never_reads_stops_nobody, a_half_closed_client_gets_the_rest,
        a_half_closed_client_that_reads_late_gets_the_rest);
}

/// As many at once as there are workers.
mod pool {
    testkit::echo_server_suite!(@tests super::PROGRAM, "pool";
        a_busy_port_is_refused, ctrl_c_ends_the_server, nc_gets_its_echo, bash_gets_its_echo,
        a_reset_costs_one_client, a_dripping_client_stops_nobody,
        a_client_that_never_reads_stops_nobody, a_half_closed_client_gets_the_rest);
}

/// One at a time.
mod iterative {
    testkit::echo_server_suite!(@tests super::PROGRAM, "iterative";
        a_busy_port_is_refused, ctrl_c_ends_the_server, nc_gets_its_echo, bash_gets_its_echo,
        a_half_closed_client_that_reads_late_gets_the_rest);
}

#[test]
fn the_lesson_shows_who_serves_whom() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let story = |model: &str| -> String {
        let from = done.stdout.split(&format!("{model}, pid ")).nth(1).unwrap_or("");
        from.lines()
            .skip(1)
            .take_while(|line| line.starts_with("  "))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let words = |model: &str, what: &str| -> Vec<String> {
        let story = story(model);
        let all = story.split([' ', ',', '\n']).map(str::to_owned).collect::<Vec<_>>();
        let pairs = all.windows(2).filter(|pair| pair[0] == what).map(|pair| pair[1].clone());
        let mut found: Vec<String> = pairs.collect();
        found.truncate(story.matches(" is served by ").count());
        found.sort();
        found.dedup();
        found
    };
    for (model, served, processes, threads) in [
        ("iterative", 1, 1, 1),
        ("fork", 4, 4, 4),
        ("thread", 4, 1, 4),
        ("pool", 2, 1, 2),
        ("poll", 4, 1, 1),
    ] {
        let text = story(model);
        assert_eq!(text.matches(" is served by pid ").count(), served, "{model}\n{text}");
        assert_eq!(words(model, "pid").len(), processes, "{model}\n{text}");
        assert_eq!(words(model, "thread").len(), threads, "{model}\n{text}");
        if served < 4 {
            assert!(text.contains(&format!(" {} in the backlog", 4 - served)), "{model}\n{text}");
        }
        for part in ["4 of 4 were answered", "0 children, 0 zombies, 1 socket\n"] {
            assert!(text.contains(part), "{model}: {part}\n{text}");
        }
    }
    // The child has closed the listener and the parent the connections.
    assert!(story("fork").contains("sockets: 1 here, 1 in a child\n"), "{}", done.stdout);
    assert!(story("thread").contains("sockets: 5\n"), "{}", done.stdout);
}

#[test]
fn the_table_says_when_to_use_which() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    for row in [
        "iterative  1 of 4   1 socket       stops others  the server    one short task",
        "fork       4 of 4   4 processes    stops nobody  its own child long stays, work that",
        "thread     4 of 4   4 threads      stops nobody  the server    long stays, shared",
        "pool       2 of 4   2 sockets      stops nobody  the server    short work, a bound",
        "poll       4 of 4   4 sockets      stops others  the server    thousands of clients",
    ] {
        assert!(done.stdout.lines().any(|line| line.starts_with(row)), "{row}\n{}", done.stdout);
    }
    assert_eq!(done.stdout.matches("Connection refused (ECONNREFUSED)").count(), 4);
    assert_eq!(done.stdout.matches("the next client: is served").count(), 1);
}

#[test]
fn help_and_mistakes() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for model in ["iterative", "fork", "thread", "pool", "poll"] {
        let command = format!("cargo run -p day08-servers -- {model} ADDR\n");
        assert!(done.stdout.contains(&command), "{}", done.stdout);
        let no_address = format!("the {model} needs ADDR");
        Program::new(PROGRAM).args([model]).run().failed(2, &no_address);
    }
    for (args, status, part) in [
        (&["threads", "127.0.0.1:0"][..], 2, "no role is called 'threads'"),
        (&["fork", "127.0.0.1"], 2, "has no port"),
        (&["poll", "192.0.2.1:0"], 1, "Cannot assign requested address (EADDRNOTAVAIL)"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
}

/// A client that resets at once leaves no child behind, and the parent still sleeps.
#[test]
fn a_forking_server_rests_when_its_clients_have_gone() {
    let mut server = Program::new(PROGRAM).args(["fork", "127.0.0.1:0"]).spawn();
    let address = server.addr();
    // Once it has answered it holds all that it needs for itself.
    let witness = testkit::peer::connect(address).expect("connect");
    assert_eq!(testkit::peer::ask(&witness, b"hello").expect("echo"), b"hello");
    let before = testkit::leaks::Holdings::of(server.pid());
    for _ in 0..200 {
        let client = testkit::peer::connect(address).expect("connect");
        assert_eq!(testkit::peer::ask(&client, b"hi").expect("echo"), b"hi");
    }
    testkit::until("all 200 children are reaped", || {
        before.leaked(&testkit::leaks::Holdings::of(server.pid())).is_empty().then_some(())
    });
    echo::expect_idle(&server);
}
