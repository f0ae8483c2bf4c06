//! What a connection costs a server's memory that has had an answer and waits for its next request.

use std::net::SocketAddr;

use bench::machine;
use cli::Outcome;
use nix::unistd::Pid;

use crate::case::{Figure, Sample};
use crate::crowd::Question;
use crate::load::number;
use crate::socket::{Room, Socket};
use crate::usage::Group;

/// From one address: a half of the ports that there usually are for it.
const SHARE: usize = 14_000;
/// So many ask before the first of them reads its answer.
const WAVE: usize = 100;
/// Descriptors for all else.
const SPARE: usize = 100;

pub(crate) fn idle(question: &Question, connections: usize, server: Pid) -> Outcome<Sample> {
    let limit = machine::descriptors((connections + SPARE) as u64)?;
    let connections = connections.min(usize::try_from(limit)?.saturating_sub(SPARE));
    let mut crowd = Vec::with_capacity(connections);
    open(&mut crowd, question, 1)?;
    let before = Group::of(server)?.memory();
    while crowd.len() < connections {
        let wave = WAVE.min(connections - crowd.len());
        open(&mut crowd, question, wave)?;
    }
    let after = Group::of(server)?.memory();
    let each = number(after.saturating_sub(before)) / number(connections as u64 - 1);
    Ok(vec![(Figure::Idle, each), (Figure::Connections, number(connections as u64))])
}

fn open(crowd: &mut Vec<Socket>, question: &Question, wave: usize) -> Outcome {
    let (begun, mut room) = (crowd.len(), Room::new());
    for number in begun..begun + wave {
        // 127.0.0.1 and those behind it.
        let host = u8::try_from(1 + number / SHARE)?;
        let from = (host > 1).then(|| SocketAddr::from(([127, 0, 0, host], 0)));
        let socket = Socket::connect_from(from, question.server, question.reading())?;
        socket.ask(&question.request)?;
        crowd.push(socket);
    }
    crowd[begun..].iter_mut().try_for_each(|socket| socket.read_whole(&mut room))
}
