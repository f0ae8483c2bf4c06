//! The whole lesson: each model, what was seen, and what follows.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use cli::Outcome;

use crate::models;
use crate::scenes::{CLIENTS, Facts, play};

const NAMES: [&str; CLIENTS] = ["ann", "bob", "cat", "dan"];

pub(crate) fn run() -> Outcome {
    let mut all = Vec::new();
    for model in models::ALL {
        // Each server has ended, with all its children, before a word about it is said.
        let facts = play(model)?;
        story(&facts)?;
        all.push(facts);
    }
    table(&all)
}

fn story(facts: &Facts) -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "{}, pid {}: four clients say hello and stay", facts.name, facts.pid)?;
    for (name, said) in NAMES.iter().zip(&facts.served) {
        writeln!(out, "  {name} is served by pid {}, thread {}", said.pid, said.tid)?;
    }
    if facts.backlog > 0 {
        let names = NAMES[facts.served.len()..].join(", ");
        writeln!(out, "  {names}: connected, not accepted, {} in the backlog", facts.backlog)?;
    }
    match facts.sockets {
        (here, Some(there)) => writeln!(out, "  sockets: {here} here, {there} in a child")?,
        (here, None) => writeln!(out, "  sockets: {here}")?,
    }
    let (children, zombies, sockets) = facts.left;
    writeln!(out, "  one after the other leaves, and {} of 4 were answered", facts.answered)?;
    writeln!(out, "  left over: {children} children, {zombies} zombies, {sockets} socket")?;
    let order =
        if facts.answers_while_thinking { "first ann, then bob" } else { "first bob, then ann" };
    writeln!(out, "  bob makes it compute, ann asks something: answered {order}")?;
    let next = facts.next.as_ref().map_or_else(String::as_str, |()| "is served");
    writeln!(out, "  a request crashes pid {}; the next client: {next}", facts.crashed.pid)?;
    writeln!(out, "  the server has ended: {}", facts.exit)?;
    Ok(())
}

fn table(all: &[Facts]) -> Outcome {
    let mut out = io::stdout();
    writeln!(out)?;
    writeln!(out, "           inside   four clients   one that      a crash       ")?;
    writeln!(out, "model      at once  cost           computes      ends          good for")?;
    for facts in all {
        let inside = format!("{} of 4", facts.served.len());
        let thinking = if facts.answers_while_thinking { "stops nobody" } else { "stops others" };
        let crash = if facts.crashed.pid == facts.pid { "the server" } else { "its own child" };
        let (name, cost) = (facts.name, cost(facts));
        let line = format!("{name:<11}{inside:<9}{cost:<15}{thinking:<14}{crash:<14}");
        writeln!(out, "{line}{}", good_for(facts))?;
    }
    Ok(())
}

/// What there is more with four clients than with none.
fn cost(facts: &Facts) -> String {
    let (processes, threads) = (facts.inside.0 - facts.before.0, facts.inside.1 - facts.before.1);
    match (processes, threads, facts.sockets.0 - 1) {
        (0, 0, 1) => "1 socket".into(),
        (0, 0, sockets) => format!("{sockets} sockets"),
        (0, threads, _) => format!("{threads} threads"),
        (processes, ..) => format!("{processes} processes"),
    }
}

/// Follows from the other columns, and from nothing else.
fn good_for(facts: &Facts) -> &'static str {
    let everybody = facts.served.len() == CLIENTS;
    let who: BTreeSet<i32> = facts.served.iter().map(|said| said.tid).collect();
    match (everybody, facts.answers_while_thinking) {
        (true, true) if facts.crashed.pid != facts.pid => {
            "long stays, work that must not hurt others"
        }
        (true, true) => "long stays, shared data, some hundreds of clients",
        (true, false) => "thousands of clients that mostly say nothing",
        (false, true) if who.len() > 1 => "short work, a bound on what clients can cost",
        (false, _) => "one short task after the other, datagrams",
    }
}
