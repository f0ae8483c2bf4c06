//! One client after the other: CPython's servers without a mixin.

use multiplex::Token;

use super::Executor;
use crate::core::{Core, Crew};
use crate::error::Result;
use crate::handler::Handler;
use crate::request::{Request as _, serve};
use crate::transport::Transport;

/// Serves each client to its end before it looks at the next one: right for answers that take no
/// time, such as most datagrams; a client that stays keeps all others waiting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Iterative;

impl<T: Transport, H: Handler<T::Request>> Executor<T, H> for Iterative {
    type Crew = Alone<H>;

    fn at_once(&self) -> usize {
        1
    }

    fn start(self, handler: H, _: &mut Core<T>) -> Result<Alone<H>> {
        Ok(Alone(handler))
    }
}

/// Nobody but the loop itself.
#[derive(Debug)]
pub struct Alone<H>(H);

impl<T: Transport, H: Handler<T::Request>> Crew<T> for Alone<H> {
    /// Between two clients the loop looks for the stop.
    const TURN: usize = 1;

    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()> {
        let peer = request.peer();
        let end = serve(&self.0, request);
        core.ended(&peer, &end);
        Ok(())
    }

    fn ready(&mut self, _: Token, _: &mut Core<T>) -> Result<()> {
        Ok(())
    }

    fn busy(&self) -> usize {
        0
    }

    fn dismiss(&mut self, _: &mut Core<T>) -> Result<()> {
        Ok(())
    }
}
