//! A process for each client: CPython's `ForkingMixIn`.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsFd as _;

use multiplex::{Interest, Token};
use process::{Child, Exit, PANICKED};
use syscall::Deadline;

use super::Executor;
use crate::core::{Core, Crew};
use crate::error::{Error, Result};
use crate::handler::Handler;
use crate::request::{Request, serve};
use crate::served::End;
use crate::stopper::Stopper;
use crate::transport::Transport;

/// Forks a child for each client ([`process::fork()`]): it cannot harm the others, and what the
/// handler changes in memory stays in it.
///
/// The child closes the listener, the parent closes the connection. The parent waits for each
/// child by a pidfd of its own, so that no signal has to be counted, no zombie stays, and nobody
/// else's child is taken (`waitpid(-1)` would). A process with other threads cannot have this
/// executor: the first client ends serving with [`process::Error::Threads`]. Limit: 40, CPython's
/// `max_children`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fork;

impl<T: Transport, H: Handler<T::Request>> Executor<T, H> for Fork {
    type Crew = Family<H, <T::Request as Request>::Peer>;

    fn at_once(&self) -> usize {
        40
    }

    fn start(self, handler: H, _: &mut Core<T>) -> Result<Self::Crew> {
        Ok(Family { handler, children: BTreeMap::new() })
    }
}

/// The children that live.
#[derive(Debug)]
pub struct Family<H, P> {
    handler: H,
    children: BTreeMap<Token, (Child, P)>,
}

impl<T: Transport, H: Handler<T::Request>> Crew<T> for Family<H, <T::Request as Request>::Peer> {
    /// With room for two descriptors, the connection and the child's pidfd: a child that nobody can
    /// wait for would have to be killed again, with the client that was let in for it. Nobody else
    /// takes them meanwhile, since there is no other thread.
    fn prepare(&mut self, stopper: &Stopper) -> bool {
        let room = [stopper.as_fd().try_clone_to_owned(), stopper.as_fd().try_clone_to_owned()];
        room.iter().all(std::result::Result::is_ok)
    }

    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()> {
        let (peer, Self { handler, children }) = (request.peer(), &mut *self);
        let (parents, siblings) = (&mut *core, &mut *children);
        // The closure runs in the child's memory only: what it closes there stays open here. And
        // what it owns, the connection, is dropped here without having run.
        let forked = process::fork(|| {
            parents.leave();
            siblings.clear();
            match serve(handler, request) {
                End::Done => 0,
                End::Panicked => PANICKED,
                End::Failed(_) | End::Dropped => 1,
            }
        });
        let watched = forked.map_err(Error::from).and_then(|child| {
            let taken = |token| children.contains_key(&token);
            // Whose end nobody would hear of does not begin: dropped, a child is killed and waited for.
            let token = core.watch(child.as_fd(), Interest::READABLE, taken)?;
            Ok((token, child))
        });
        match watched {
            Ok((token, child)) => {
                children.insert(token, (child, peer));
            }
            Err(error) if error.is_transient() => {
                core.ended(&peer, &End::Failed(error.into()));
                core.rest();
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn ready(&mut self, token: Token, core: &mut Core<T>) -> Result<()> {
        let Some((child, peer)) = self.children.get_mut(&token) else { return Ok(()) };
        if let Some(exit) = child.join(Deadline::Now)? {
            // First, because the children that were born since have copies of its pidfd.
            core.forget(child.as_fd())?;
            core.ended(peer, &end_of(exit));
            self.children.remove(&token);
        }
        Ok(())
    }

    fn busy(&self) -> usize {
        self.children.len()
    }

    fn dismiss(&mut self, core: &mut Core<T>) -> Result<()> {
        while let Some((_, (mut child, peer))) = self.children.pop_first() {
            child.kill()?;
            let end = match child.join(Deadline::Never)? {
                Some(Exit::Signal { number: 9, .. }) => End::Dropped,
                exit => end_of(exit.unwrap_or(Exit::Lost)),
            };
            core.ended(&peer, &end);
        }
        Ok(())
    }
}

fn end_of(exit: Exit) -> End {
    match exit {
        Exit::Code(0) => End::Done,
        Exit::Code(PANICKED) => End::Panicked,
        exit => End::Failed(io::Error::other(format!("the child has ended: {exit}"))),
    }
}
