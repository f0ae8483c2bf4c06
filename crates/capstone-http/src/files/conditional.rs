//! Conditional requests, in the order of RFC 9110, 13.2.2.
//!
//! ```text
//! If-Match ──────── there ─► a tag matches?  no ─► 412
//!    │ absent
//! If-Unmodified-Since ─────► not modified?   no ─► 412
//!    │
//! If-None-Match ─── there ─► no tag matches? no ─► 304
//!    │ absent
//! If-Modified-Since ───────► modified?       no ─► 304
//!    │
//! If-Range ─────────────────► the same?      no ─► all of it, whatever the range
//! ```
//!
//! It is asked of answers only that would be 200 or 206 without conditions: nothing here makes a 404
//! a 304 (13.2.1).

use std::time::{Duration, SystemTime};

use crate::message::Fields;
use crate::message::fields::date;
use crate::message::fields::etag::{Condition, ETag};

/// What a representation is compared by.
#[derive(Clone, Copy, Debug)]
pub struct Validators<'a> {
    /// What stands between the quotes of its entity tag, which is a strong one.
    pub etag: &'a str,
    /// Its Last-Modified, in whole seconds.
    pub modified: Option<SystemTime>,
}

/// What the conditions of a GET or HEAD come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Answer as if there were no conditions.
    Go,
    /// 304: the client has it.
    NotModified,
    /// 412: it is not what the client believes it is.
    Failed,
}

/// Whether a GET or HEAD is to be answered. The last step is [`range_holds`]'s business.
pub fn evaluate(fields: &Fields<'_>, of: &Validators<'_>) -> Verdict {
    let ours = of.tag();
    let go = match any_tag(fields, "if-match", |tag| tag.strong_eq(&ours)) {
        Some(matches) => matches,
        None => modified_after(fields, "if-unmodified-since", of) != Some(true),
    };
    if !go {
        return Verdict::Failed;
    }
    let same = match any_tag(fields, "if-none-match", |tag| tag.weak_eq(&ours)) {
        Some(matches) => matches,
        None => modified_after(fields, "if-modified-since", of) == Some(false),
    };
    if same { Verdict::NotModified } else { Verdict::Go }
}

/// Whether the client's range may be answered: it holds parts of exactly this representation, or
/// did not ask (RFC 9110, 13.1.5). A weak tag, a date that is not the same to the second, and a date
/// so fresh that another change may hide in the same second are no reason to believe so.
pub fn range_holds(fields: &Fields<'_>, of: &Validators<'_>, now: SystemTime) -> bool {
    let value = match fields.at_most_one("if-range") {
        Ok(None) => return true,
        Ok(Some(value)) => value,
        Err(_) => return false,
    };
    if let Some(tag) = ETag::parse(value) {
        return tag.strong_eq(&of.tag());
    }
    let settled = |modified: SystemTime| modified + Duration::from_secs(1) <= now;
    of.modified.is_some_and(|modified| date::parse(value) == Some(modified) && settled(modified))
}

impl<'a> Validators<'a> {
    fn tag(&self) -> ETag<'a> {
        ETag { weak: false, opaque: self.etag.as_bytes() }
    }
}

/// Whether one of the field's tags is ours; nothing without the field. `*` is any representation.
fn any_tag(fields: &Fields<'_>, name: &str, ours: impl Fn(&ETag<'_>) -> bool) -> Option<bool> {
    let any = |value| Condition::new(value).any(|tag| ours(&tag));
    fields.all(name).map(any).reduce(|one, other| one || other)
}

/// Whether it was modified after the field's date; nothing without exactly one valid date, or when
/// nobody knows when it was modified (13.1.3, 13.1.4).
fn modified_after(fields: &Fields<'_>, name: &str, of: &Validators<'_>) -> Option<bool> {
    let date = date::parse(fields.at_most_one(name).ok()??)?;
    Some(of.modified? > date)
}
