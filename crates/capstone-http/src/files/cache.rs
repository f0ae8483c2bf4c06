//! What was found lately, so that most requests need no system call.
//!
//! **Freshness**: for one second after a file was looked at, it is taken to be still that file. Then
//! it is looked at again, and only opened and read again when it has changed. So whoever replaces a
//! file sees the old one for a second at most.
//!
//! **Bounds**: entries, open files and bytes have limits. There are two generations: a new entry, and
//! one that was looked at again, is young. When the young ones would be more than half of a limit, or
//! some time has passed, they are the old ones, and those that were old till then are forgotten. So
//! what is in use stays, what is not goes, a deleted file is not kept open for long, and no request
//! costs more than its share.
//!
//! Each worker has one of its own: there is no lock. What it has given out (files, bytes) is
//! counted, so that forgetting it takes nothing away from an answer that is being sent.

use std::collections::HashMap;
use std::mem;
use std::time::{Duration, SystemTime};

use crate::files::Resource;

/// How long what was found is taken for true.
pub const FRESH: Duration = Duration::from_secs(1);

/// After this time, and as much again, an entry that nobody has asked for is forgotten.
const TURN: Duration = Duration::from_secs(10);

/// How much a cache keeps, or may keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Resources.
    pub entries: usize,
    /// Open files: descriptors. Small files are kept as bytes and need none.
    pub files: usize,
    /// Bytes of contents, heads and paths.
    pub bytes: usize,
}

/// Resources by the raw path of a request.
#[derive(Debug)]
pub struct Cache {
    limits: Amount,
    young: Generation,
    old: Generation,
    /// When the young ones began.
    turned: Option<SystemTime>,
}

#[derive(Debug, Default)]
struct Generation {
    entries: HashMap<Box<[u8]>, Entry>,
    kept: Amount,
}

#[derive(Debug)]
struct Entry {
    looked: SystemTime,
    amount: Amount,
    resource: Resource,
}

impl Default for Cache {
    /// One for a site of some thousand small files; 128 large ones are kept open.
    fn default() -> Self {
        Self::new(Amount { entries: 4096, files: 128, bytes: 16 << 20 })
    }
}

impl Cache {
    /// An empty one. Each generation may have half, or one entry.
    pub fn new(limits: Amount) -> Self {
        let (young, old) = Default::default();
        Self { limits, young, old, turned: None }
    }

    /// What the path leads to, when that was looked at within the last second. A clock that was set
    /// back makes everything stale.
    pub fn fresh(&self, path: &[u8], now: SystemTime) -> Option<&Resource> {
        let entry = self.young.entries.get(path).or_else(|| self.old.entries.get(path))?;
        now.duration_since(entry.looked).is_ok_and(|age| age < FRESH).then_some(&entry.resource)
    }

    /// Takes out what the path has led to, for a new look at it.
    pub fn take(&mut self, path: &[u8]) -> Option<Resource> {
        self.young.remove(path).or_else(|| self.old.remove(path))
    }

    /// Keeps what the path leads to.
    pub fn put(&mut self, path: &[u8], resource: Resource, now: SystemTime) -> &Resource {
        self.take(path);
        let amount =
            Amount { entries: 1, files: resource.files(), bytes: resource.bytes() + path.len() };
        self.make_room(amount, now);
        self.young.kept = self.young.kept.with(amount);
        let entry = Entry { looked: now, amount, resource };
        &self.young.entries.entry(path.into()).insert_entry(entry).into_mut().resource
    }

    /// Forgets what nobody has asked for lately. [`Cache::put`] does it, too; a worker that has
    /// nothing to do should, or else it keeps its files open.
    pub fn tidy(&mut self, now: SystemTime) {
        self.make_room(Amount::default(), now);
    }

    /// Forgets everything: somebody needs the descriptors more.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    fn make_room(&mut self, more: Amount, now: SystemTime) {
        let turned = *self.turned.get_or_insert(now);
        let (then, most) = (self.young.kept.with(more), self.limits);
        let full = then.entries > most.entries / 2
            || then.files > most.files / 2
            || then.bytes > most.bytes / 2;
        if full || now.duration_since(turned).map_or(true, |age| age >= TURN) {
            self.turned = Some(now);
            self.old.clear();
            mem::swap(&mut self.young, &mut self.old);
        }
    }

    /// How much it keeps.
    pub fn kept(&self) -> Amount {
        self.young.kept.with(self.old.kept)
    }
}

impl Amount {
    fn with(self, more: Self) -> Self {
        Self {
            entries: self.entries + more.entries,
            files: self.files + more.files,
            bytes: self.bytes + more.bytes,
        }
    }

    fn without(self, less: Self) -> Self {
        Self {
            entries: self.entries - less.entries,
            files: self.files - less.files,
            bytes: self.bytes - less.bytes,
        }
    }
}

impl Generation {
    fn remove(&mut self, path: &[u8]) -> Option<Resource> {
        let Entry { amount, resource, .. } = self.entries.remove(path)?;
        self.kept = self.kept.without(amount);
        Some(resource)
    }

    /// Empties it, and keeps its table.
    fn clear(&mut self) {
        self.entries.clear();
        self.kept = Amount::default();
    }
}
