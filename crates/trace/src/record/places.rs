//! The places of a recording, each written once: most steps are made where others were made, and
//! most stacks have the same frames below them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::step::{Location, Place, Step};

/// What a call was made by, without what that was called from: a [`Place`] with one frame at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Spot<'a> {
    #[serde(flatten)]
    pub(super) location: Option<Cow<'a, Location>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) api: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) libc: Option<Cow<'a, str>>,
}

/// A line that has called another one, and the frame that it was called from itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Frame<'a> {
    #[serde(flatten)]
    pub(super) location: Cow<'a, Location>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
}

/// Both tables, in the order of appearance.
///
/// A frame is named by its line, `src/server.rs:31`, a spot by that and the function of libc,
/// `src/server.rs:31 accept4`; what would have the name of another one gets a number,
/// `src/server.rs:31#2`.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    pub(super) spots: Vec<(String, Spot<'a>)>,
    pub(super) frames: Vec<(String, Frame<'a>)>,
    names: HashMap<Spot<'a>, String>,
    stacks: HashMap<&'a [Location], String>,
    taken: Taken,
}

impl<'a> Places<'a> {
    pub(super) fn of(steps: &'a [Step]) -> Self {
        let mut places = Self::default();
        for place in steps.iter().map(|step| &step.place) {
            places.add(place);
            places.add_callers(callers(place));
        }
        places
    }

    /// `None` is nowhere.
    pub(super) fn name(&self, place: &'a Place) -> Option<&str> {
        self.names.get(&Spot::of(place)).map(String::as_str)
    }

    /// `None` is no caller.
    pub(super) fn name_of_callers(&self, stack: &'a [Location]) -> Option<&str> {
        self.stacks.get(stack).map(String::as_str)
    }

    fn add(&mut self, place: &'a Place) {
        let spot = Spot::of(place);
        if place.is_nowhere() || self.names.contains_key(&spot) {
            return;
        }
        let word = place.libc.as_deref().or(place.api.as_deref()).unwrap_or_default();
        let line = place.location().map(line).unwrap_or_default();
        let name = self.taken.unique(format!("{line} {word}").trim());
        self.names.insert(spot.clone(), name.clone());
        self.spots.push((name, spot));
    }

    /// The outermost frame first, so that none names one that comes later.
    fn add_callers(&mut self, stack: &'a [Location]) {
        let mut from = None;
        for start in (0..stack.len()).rev() {
            let frames = &stack[start..];
            if !self.stacks.contains_key(frames) {
                let location = Cow::Borrowed(&stack[start]);
                let name = self.taken.unique(&line(&location));
                self.frames.push((name.clone(), Frame { location, from }));
                self.stacks.insert(frames, name);
            }
            from = self.stacks.get(frames).cloned();
        }
    }
}

impl<'a> Spot<'a> {
    fn of(place: &'a Place) -> Self {
        let [api, libc] = [&place.api, &place.libc].map(|it| it.as_deref().map(Cow::Borrowed));
        Self { location: place.location().map(Cow::Borrowed), api, libc }
    }
}

/// The frames below the innermost one.
pub(super) fn callers(place: &Place) -> &[Location] {
    place.stack.get(1..).unwrap_or_default()
}

fn line(at: &Location) -> String {
    format!("{}:{}", at.file, at.line)
}

/// The names that somebody has.
#[derive(Debug, Default)]
struct Taken {
    names: BTreeSet<String>,
    /// How often each was asked for.
    asked: BTreeMap<String, u64>,
}

impl Taken {
    fn unique(&mut self, name: &str) -> String {
        let asked = self.asked.entry(name.to_owned()).or_default();
        loop {
            *asked += 1;
            let unique = if *asked == 1 { name.to_owned() } else { format!("{name}#{asked}") };
            // A function may really be called `read#2`.
            if self.names.insert(unique.clone()) {
                return unique;
            }
        }
    }
}
