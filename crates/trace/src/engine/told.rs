//! A step on its way into the script.

use std::rc::Rc;

use crate::state::State;
use crate::step::Step;

/// A step, and what the kernel held behind it, where somebody has looked.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) step: Step,
    pub(super) seen: Option<Rc<State>>,
}

impl From<Step> for Told {
    fn from(step: Step) -> Self {
        Self { step, seen: None }
    }
}
