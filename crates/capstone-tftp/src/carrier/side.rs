//! One side of a transfer: the sending or the receiving one, and its file. What a driver does is the
//! same for both.

use std::io::{self, Read};
use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use super::{Outbox, Sink, Source, Target};
use crate::tftp::options::Agreed;
use crate::tftp::packet::Code;
use crate::tftp::{End, Receiver, Sender};

/// A state machine and the file that it is about.
#[derive(Debug)]
pub(crate) enum Side<R, T: Target> {
    Sends { sender: Sender, source: Source<R> },
    Receives { receiver: Receiver, sink: Sink<T> },
}

impl<R: Read, T: Target> Side<R, T> {
    pub(crate) fn sends(sender: Sender, source: Source<R>) -> Self {
        Self::Sends { sender, source }
    }

    pub(crate) fn receives(receiver: Receiver, sink: Sink<T>) -> Self {
        Self::Receives { receiver, sink }
    }

    /// A datagram of the peer.
    pub(crate) fn hear(&mut self, datagram: &[u8], now: Instant) {
        match self {
            Self::Sends { sender, .. } => sender.receive(datagram, now),
            Self::Receives { receiver, sink } => sink.take(datagram, receiver, now),
        }
    }

    /// Says all that is to be said now. False when the socket has no room for the rest.
    pub(crate) fn speak(
        &mut self,
        outbox: &mut Outbox,
        socket: &UdpSocket,
        to: SocketAddr,
        now: Instant,
    ) -> bool {
        loop {
            if let Self::Sends { sender, source } = self
                && sender.unsent().is_none()
                && let Err(error) = source.feed(sender)
            {
                source.failure = Some(error);
                sender.fail(Code::NotDefined, "the file cannot be read");
            }
            let unsent = match self {
                Self::Sends { sender, .. } => sender.unsent(),
                Self::Receives { receiver, .. } => receiver.unsent(),
            };
            let Some(batch) = unsent else { break };
            let sent = outbox.send(socket, batch, to);
            if sent == 0 {
                return false;
            }
            match self {
                Self::Sends { sender, .. } => sender.sent(sent, now),
                Self::Receives { receiver, .. } => receiver.sent(now),
            }
        }
        true
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Sends { sender, .. } => sender.deadline(),
            Self::Receives { receiver, .. } => receiver.deadline(),
        }
    }

    pub(crate) fn expire(&mut self, now: Instant) {
        match self {
            Self::Sends { sender, .. } => sender.expire(now),
            Self::Receives { receiver, .. } => receiver.expire(now),
        }
    }

    pub(crate) fn fail(&mut self, code: Code, words: &str) {
        match self {
            Self::Sends { sender, .. } => sender.fail(code, words),
            Self::Receives { receiver, .. } => receiver.fail(code, words),
        }
    }

    /// The peer of a client is known.
    pub(crate) fn opened(&self) -> bool {
        match self {
            Self::Sends { sender, .. } => sender.opened(),
            Self::Receives { receiver, .. } => receiver.opened(),
        }
    }

    /// Bytes of the file, as it is here: read, or received.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::Sends { source, .. } => source.bytes,
            Self::Receives { sink, .. } => sink.bytes,
        }
    }

    pub(crate) fn agreed(&self) -> &Agreed {
        match self {
            Self::Sends { sender, .. } => sender.agreed(),
            Self::Receives { receiver, .. } => receiver.agreed(),
        }
    }

    pub(crate) fn end(&self) -> Option<&End> {
        match self {
            Self::Sends { sender, .. } => sender.end(),
            Self::Receives { receiver, .. } => receiver.end(),
        }
    }

    /// There is something to say, or may be: who sends has bytes for every ACK that is new.
    pub(crate) fn must_speak(&self) -> bool {
        match self {
            Self::Sends { .. } => true,
            Self::Receives { receiver, .. } => receiver.unsent().is_some(),
        }
    }

    /// Nothing more will happen.
    pub(crate) fn over(&self) -> bool {
        match self {
            Self::Sends { sender, .. } => sender.over(),
            Self::Receives { receiver, .. } => receiver.over(),
        }
    }
}

impl<R, T: Target<Error = io::Error>> Side<R, T> {
    /// Why the file here was the end of it.
    pub(crate) fn failure(self) -> Option<io::Error> {
        match self {
            Self::Sends { source, .. } => source.failure,
            Self::Receives { sink, .. } => sink.failure,
        }
    }
}
