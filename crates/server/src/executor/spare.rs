//! Who makes room when descriptors run out.

use std::time::Instant;

use multiplex::Token;
use syscall::Deadline;

use super::talk::Talk;
use crate::request::Request;

/// One of so many idle clients, and at least one: everybody is looked at, which shall be worth while.
const OF: usize = 16;

/// Those of the idle whose time would be over first, because they have been idle longest. One whose
/// time is not limited comes before all others.
pub(super) fn of<'t, R: Request, K: Talk<R> + 't>(
    talks: impl Iterator<Item = (Token, &'t K)>,
) -> Vec<Token> {
    let idle = talks.filter(|(_, talk)| talk.is_idle());
    let mut idle: Vec<_> = idle.map(|(token, talk)| (end(talk.deadline()), token)).collect();
    idle.sort_unstable();
    idle.truncate(idle.len().div_ceil(OF));
    idle.into_iter().map(|(_, token)| token).collect()
}

/// A deadline that can be compared.
fn end(deadline: Deadline) -> Option<Instant> {
    match deadline {
        Deadline::At(moment) => Some(moment),
        Deadline::Now | Deadline::Never => None,
    }
}
