//! What a server serves, one at a time: a connection or a datagram.

use std::fmt::Debug;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::handler::Handler;
use crate::served::End;

/// A connection or a datagram (CPython's `request`).
pub trait Request {
    /// What names the client.
    type Peer: Clone + Debug + Send + 'static;

    /// Who asks.
    fn peer(&self) -> Self::Peer;

    /// Whether it has come whole.
    ///
    /// # Errors
    /// EMSGSIZE for a datagram that was cut.
    fn intact(&self) -> io::Result<()> {
        Ok(())
    }

    /// What is left to do when the handler has returned `Ok` (`shutdown_request`).
    fn finish(&self) {}
}

/// The whole life of a request with a blocking handler (`finish_request`, `shutdown_request` and
/// `handle_error`).
pub(crate) fn serve<R: Request>(handler: &impl Handler<R>, request: R) -> End {
    // Whatever the handler shares with others after a panic is its own affair, as it is with any
    // thread that panics; a std Mutex will be poisoned.
    let end = shielded(|| {
        request.intact()?;
        handler.handle(&request)?;
        request.finish();
        Ok(())
    });
    // Closed before its end is told.
    drop(request);
    end
}

/// Runs a handler's code: its error and its panic become values.
pub(crate) fn shielded(foreign: impl FnOnce() -> io::Result<()>) -> End {
    match catch_unwind(AssertUnwindSafe(foreign)) {
        Ok(Ok(())) => End::Done,
        Ok(Err(error)) => End::Failed(error),
        Err(payload) => {
            // A payload may panic when it is dropped. Leaking it is the only answer that ends.
            std::mem::forget(payload);
            End::Panicked
        }
    }
}
