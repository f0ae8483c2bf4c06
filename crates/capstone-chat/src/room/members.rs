//! Who is in the room: in the order of their logins, and found by address and by name without a
//! search, so that the five-thousandth login costs what the first one did.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::wire::Name;

/// A member's number: later logins have higher ones, and none is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(u64);

/// A member.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) id: Id,
    pub(crate) name: Arc<str>,
    pub(crate) address: SocketAddr,
    /// When it has last said something that it may say.
    pub(crate) heard: Instant,
    /// The first notice that is for it: the ones before were posted before it came.
    pub(crate) since: u64,
}

/// All members. The maps are std's, whose hash is keyed by random numbers: nobody outside can
/// choose names that all fall into one bucket.
#[derive(Debug, Default)]
pub(crate) struct Members {
    in_order: BTreeMap<Id, Member>,
    by_address: HashMap<SocketAddr, Id>,
    by_name: HashMap<Arc<str>, Id>,
    next: u64,
}

impl Members {
    pub(crate) fn len(&self) -> usize {
        self.in_order.len()
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    pub(crate) fn at_mut(&mut self, address: SocketAddr) -> Option<&mut Member> {
        self.in_order.get_mut(self.by_address.get(&address)?)
    }

    /// In the order of their logins.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.in_order.values()
    }

    /// Neither the name nor the address may be here already.
    pub(crate) fn add(&mut self, name: Name<'_>, address: SocketAddr, heard: Instant, since: u64) {
        let (id, name) = (Id(self.next), Arc::<str>::from(name.as_str()));
        self.next += 1;
        self.by_address.insert(address, id);
        self.by_name.insert(Arc::clone(&name), id);
        self.in_order.insert(id, Member { id, name, address, heard, since });
    }

    pub(crate) fn remove(&mut self, address: SocketAddr) -> Option<Member> {
        let member = self.in_order.remove(&self.by_address.remove(&address)?)?;
        self.by_name.remove(&member.name);
        Some(member)
    }
}
