//! The same clients for each model.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};

use cli::Outcome;
use process::{Deadline, Exit};
use sockets::tcp;

use crate::client::{self, hear};
use crate::facts;
use crate::models::Model;
use crate::report::{Said, Word};
use crate::watch::Server;

pub(crate) const CLIENTS: usize = 4;

/// What was seen.
pub(crate) struct Facts {
    pub(crate) name: &'static str,
    pub(crate) pid: i32,
    /// Who served those who were answered while all of them stayed.
    pub(crate) served: Vec<Said>,
    pub(crate) backlog: usize,
    /// With nobody inside, and with all of them: processes, threads.
    pub(crate) before: (usize, usize),
    pub(crate) inside: (usize, usize),
    /// With all of them inside: of the process that accepts, and of a child, if it has any.
    pub(crate) sockets: (usize, Option<usize>),
    /// Answered in the end, when one after the other has left.
    pub(crate) answered: usize,
    /// When nobody is there any more: children, zombies, sockets.
    pub(crate) left: (usize, usize, usize),
    /// Another client was answered while the server computed for somebody.
    pub(crate) answers_while_thinking: bool,
    /// Of the process in which a request crashed.
    pub(crate) crashed: Said,
    /// What the next client met.
    pub(crate) next: Result<(), String>,
    pub(crate) exit: Exit,
}

pub(crate) fn play(model: &'static Model) -> Outcome<Facts> {
    let mut server = Server::start(model)?;
    let pid = server.process.pid().as_raw();
    let alone = BTreeSet::from([pid]);
    let before = (alone.len(), facts::threads(&alone)?);

    // Four clients come and stay. Whoever is not answered now is not going to be until another one
    // has left.
    let (mut clients, mut served) = (Vec::new(), Vec::new());
    for _ in 0..CLIENTS {
        let client = tcp::Connect::new().to(server.address)?;
        (&client).write_all(b"hello")?;
        if server.answers(&client)? {
            hear(&client, b"hello")?;
            served.push(server.who_serves(&client)?);
        }
        clients.push(client);
    }
    let backlog = CLIENTS - served.len();
    facts::until_backlog(server.address, backlog)?;
    server.until_settled(served.len())?;
    let mut pids: BTreeSet<i32> = served.iter().map(|said| said.pid).collect();
    let child = pids.iter().find(|&&other| other != pid);
    let sockets = (facts::sockets(pid)?, child.map(|&pid| facts::sockets(pid)).transpose()?);
    pids.insert(pid);
    let inside = (pids.len(), facts::threads(&pids)?);

    // They leave, one after the other; who had to wait gets its answer at last.
    let mut answered = served.len();
    for (number, client) in clients.iter().enumerate() {
        if number >= served.len() {
            hear(client, b"hello")?;
            answered += 1;
        }
        server.see_off(client)?;
    }

    // One request takes the server long, and meanwhile somebody else asks something.
    let thinker = tcp::Connect::new().to(server.address)?;
    (&thinker).write_all(b"think")?;
    server.until(Word::Thinks, 1)?;
    let other = tcp::Connect::new().to(server.address)?;
    (&other).write_all(b"and me")?;
    let answers_while_thinking = server.answers(&other)?;
    server.gate.write_all(b".")?;
    hear(&thinker, b"think")?;
    server.see_off(&thinker)?;
    hear(&other, b"and me")?;
    server.see_off(&other)?;

    // All have gone. Children are told of by SIGCHLD and waited for in their own time; who has
    // served the last one may still be on its way to us.
    server.who_serves(&other)?;
    let forked = server.said.iter().filter(|said| said.word == Word::Stays && said.pid != pid);
    let forked = forked.count();
    server.until(Word::Reaped, forked)?;
    let known = server.said.iter().map(|said| said.pid).collect();
    let (children, zombies) = facts::children(pid, &known)?;
    let left = (children, zombies, facts::sockets(pid)?);

    // One request is fatal for the process that handles it.
    let fatal = tcp::Connect::new().to(server.address)?;
    (&fatal).write_all(b"crash")?;
    let crashed = server.who_serves(&fatal)?;
    // The kernel closes what the dead process had open: an end, or a reset.
    let _ = (&fatal).read(&mut [0]);
    let exit = if crashed.pid == pid { server.process.join(Deadline::Never)? } else { None };
    let next = client::visit(server.address).map_err(|error| error.to_string());
    if exit.is_none() {
        server.until(Word::Reaped, forked + 1 + usize::from(next.is_ok()))?;
        server.process.terminate()?;
    }
    let exit = server.process.join(Deadline::Never)?.ok_or("the server has not ended")?;
    let name = model.name;
    Ok(Facts {
        name,
        pid,
        served,
        backlog,
        before,
        inside,
        sockets,
        answered,
        left,
        answers_while_thinking,
        crashed,
        next,
        exit,
    })
}
