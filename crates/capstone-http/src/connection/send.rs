//! An answer leaves: into the reply, the counters and the log.

use super::desk::Desk;
use super::turn::Turn;
use crate::files::Piece;
use crate::log::Line;
use crate::message::{Head, Method, Version};

impl Turn<'_> {
    /// Ends the head with what only the connection knows, and sends the answer.
    pub(super) fn send(&mut self, head: Option<&Head<'_>>, bytes: &[u8], keep: bool) {
        let Desk { answer, clock, line, .. } = &mut *self.desk;
        let reply = &mut *self.reply;
        reply.push(&answer.head);
        reply.push(b"Date: ");
        reply.push(clock.text(self.now));
        reply.push(match head.map(|head| head.version) {
            _ if !keep => b"\r\nConnection: close\r\n\r\n",
            Some(Version::Http10) => b"\r\nConnection: keep-alive\r\n\r\n",
            _ => b"\r\n\r\n",
        });
        if head.is_some_and(|head| head.method == Method::Head) {
            answer.body.clear();
        }
        let mut length = 0;
        for piece in answer.body.drain(..) {
            match piece {
                Piece::Made(bytes) => {
                    length += bytes.len() as u64;
                    reply.push(&bytes);
                }
                Piece::Shared(bytes, range) => {
                    length += range.len() as u64;
                    reply.push(&bytes[range]);
                }
                Piece::File(file, range) => {
                    length += range.end - range.start;
                    reply.file(file, range);
                }
            }
        }
        let counters = self.worker.counters;
        self.worker.service.metrics.answered(counters, answer.status, length);
        if let Some(log) = &self.worker.service.log {
            let date = clock.text(self.now);
            let fields = head.map(|head| &head.fields);
            let status = answer.status;
            Line { peer: self.peer, date, request: bytes, status, length, fields }.write(line);
            if !log.push(line) {
                self.worker.service.metrics.lost(counters);
            }
        }
    }
}
