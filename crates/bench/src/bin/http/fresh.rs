//! A connection for each request, so many of them under way. They are looked at in the order in which
//! they were begun, which is about that of the answers: no poller has to hear of each of them, and one
//! call waits for the whole answer and the end behind it. What is left is what every client has to do.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;

use cli::Outcome;

use crate::crowd::{Question, Tally};
use crate::socket::{Room, Socket};

#[derive(Debug)]
pub(crate) struct Fresh<'q> {
    question: &'q Question,
    connections: usize,
}

impl<'q> Fresh<'q> {
    pub(crate) fn new(question: &'q Question, connections: usize) -> Self {
        Self { question, connections }
    }

    fn begin(&self) -> Outcome<Socket> {
        let socket = Socket::connect(self.question.server, self.question.reading())?;
        socket.ask(&self.question.request)?;
        Ok(socket)
    }

    /// Asks until it is over.
    pub(crate) fn run(self, tally: &Tally) -> Outcome {
        let begin = |_| self.begin();
        let mut under_way = (0..self.connections).map(begin).collect::<Outcome<VecDeque<_>>>()?;
        let mut room = Room::new();
        while !tally.over.load(Relaxed)
            && let Some(mut oldest) = under_way.pop_front()
        {
            let bytes = oldest.read_to_end(&mut room)?;
            tally.bytes.fetch_add(bytes as u64, Relaxed);
            tally.answers.fetch_add(1, Relaxed);
            drop(oldest);
            under_way.push_back(self.begin()?);
        }
        Ok(())
    }
}
