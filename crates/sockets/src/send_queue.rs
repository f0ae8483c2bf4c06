//! What a non-blocking connection still owes its peer.
//!
//! `write_all` on a non-blocking socket loses count: at the first EAGAIN it fails and does not
//! say how much went out. A server that waits instead lets one peer that does not read stop all
//! the others. So what does not fit into the kernel's buffer now waits here, in order, and the
//! owner asks for writability as long as there is something. The queue has a limit, and what to
//! do at the limit is the owner's choice: stop reading from that peer, or let it go.

use std::collections::VecDeque;
use std::io::{self, Write};

/// Whether a read or write on a non-blocking descriptor found nothing to do for now (EAGAIN, or
/// EINTR): no failure. Readiness is a hint, so this may happen right after an event.
pub fn not_now(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// Bytes accepted for sending and not yet sent, first in, first out.
#[derive(Debug)]
pub struct SendQueue {
    bytes: VecDeque<u8>,
    limit: usize,
}

impl SendQueue {
    /// Full once it holds `limit` bytes. The limit is a mark, not a wall: [`SendQueue::push`]
    /// takes a message whole even when it ends beyond the mark.
    pub fn with_limit(limit: usize) -> Self {
        Self { bytes: VecDeque::new(), limit }
    }

    /// Appends a message.
    pub fn push(&mut self, message: &[u8]) {
        self.bytes.extend(message);
    }

    /// Bytes that wait.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes of memory that it has for them.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// True when nothing waits: no reason to ask for writability.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// True at or above the limit: a reason to stop reading from this peer.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= self.limit
    }

    /// Writes as much as `peer` takes now and gives the number of bytes. EAGAIN is no error: it
    /// means that the rest has to wait. EINTR is repeated.
    ///
    /// # Errors
    /// EPIPE, ECONNRESET: the peer has gone, and the rest will never be sent.
    pub fn flush(&mut self, mut peer: impl Write) -> io::Result<usize> {
        let mut sent = 0;
        while !self.bytes.is_empty() {
            // The ring may hold its bytes in two pieces: send the first one, then come again.
            match peer.write(self.bytes.as_slices().0) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    self.bytes.drain(..n);
                    sent += n;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes up to three bytes a call, as many calls as it has answers.
    struct Peer(Vec<Option<io::ErrorKind>>, Vec<u8>);

    impl Write for Peer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.0.pop() {
                Some(Some(kind)) => Err(kind.into()),
                Some(None) => {
                    let n = bytes.len().min(3);
                    self.1.extend(&bytes[..n]);
                    Ok(n)
                }
                None => Err(io::ErrorKind::WouldBlock.into()),
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn keeps_what_the_peer_does_not_take_and_the_order() {
        let mut queue = SendQueue::with_limit(8);
        queue.push(b"hello ");
        assert!(!queue.is_full());
        queue.push(b"world");
        assert!(queue.is_full());

        // Answers are popped from the end: three bytes, an interrupt, three bytes, then EAGAIN.
        let mut peer = Peer(vec![None, Some(io::ErrorKind::Interrupted), None], Vec::new());
        assert_eq!(queue.flush(&mut peer).unwrap(), 6);
        assert_eq!(queue.len(), 5);
        assert!(!queue.is_full() && !queue.is_empty());

        queue.push(b"!");
        peer.0 = vec![None; 9];
        queue.flush(&mut peer).unwrap();
        assert_eq!(peer.1, b"hello world!");
        assert!(queue.is_empty());
    }

    #[test]
    fn a_peer_that_has_gone_is_an_error_and_the_rest_is_kept() {
        let mut queue = SendQueue::with_limit(8);
        queue.push(b"hello");
        let mut peer = Peer(vec![Some(io::ErrorKind::BrokenPipe), None], Vec::new());
        let error = queue.flush(&mut peer).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(queue.len(), 2);
    }
}
