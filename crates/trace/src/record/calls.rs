//! Calls in the lines of a recording: `{"read":[{"fd":3},"later",{"int":16}]}`. What each is about
//! stands once in a table.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call::{Call, Class, Value};
use crate::step::Step;

/// A name and its arguments: an object with one key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Named<'a>(BTreeMap<Cow<'a, str>, Cow<'a, [Value]>>);

impl<'a> Named<'a> {
    pub(super) fn of(call: &'a Call) -> Self {
        let (name, args) = (Cow::Borrowed(&*call.name), Cow::Borrowed(&call.args[..]));
        Self([(name, args)].into())
    }

    pub(super) fn call(
        self,
        class: Option<Class>,
        classes: &Classes<String>,
    ) -> Result<Call, String> {
        let mut calls = self.0.into_iter();
        let (Some((name, args)), None) = (calls.next(), calls.next()) else {
            return Err("a call has no name, or two".into());
        };
        let class = class.unwrap_or_else(|| classes.of(&name));
        Ok(Call { name: Cow::Owned(name.into_owned()), class, args: args.into_owned() })
    }
}

/// What the calls of each name are about; what is not there is [`Class::Other`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Classes<T: Ord>(pub(super) BTreeMap<T, Class>);

impl<'a> Classes<&'a str> {
    /// `clone` makes threads and processes: the first one counts.
    pub(super) fn of_all(steps: &'a [Step]) -> Self {
        let mut classes = BTreeMap::new();
        for call in steps.iter().filter_map(|step| step.call.as_ref()) {
            classes.entry(&*call.name).or_insert(call.class);
        }
        classes.retain(|_, class| *class != Class::Other);
        Self(classes)
    }
}

impl<T: Ord + Borrow<str>> Classes<T> {
    pub(super) fn of(&self, name: &str) -> Class {
        self.0.get(name).copied().unwrap_or(Class::Other)
    }
}

/// The arguments that are different now; `None` when it is another call.
pub(super) fn different<'a>(
    before: &Call,
    now: &'a Call,
) -> Option<BTreeMap<usize, Cow<'a, Value>>> {
    let head = |call: &Call| (call.name.clone(), call.class, call.args.len());
    let same = head(before) == head(now);
    let pairs = before.args.iter().zip(&now.args).enumerate();
    let different = pairs.filter(|(_, (before, now))| before != now);
    same.then(|| different.map(|(index, (_, now))| (index, Cow::Borrowed(now))).collect())
}
