//! What is told of a task.

use std::time::Duration;

use crate::call::Call;
use crate::engine::Doing;
use crate::state::Object;
use crate::step::Place;

/// Where a task of a running process is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its process.
    pub pid: i32,
    /// Its own number; that of the process, when the process began with it.
    pub tid: i32,
    /// The name of the thread, at most 15 bytes.
    pub name: String,
    /// What it does.
    pub doing: Doing,
    /// The processor time that it has used so far.
    pub used: Duration,
    /// The call that it sleeps in.
    pub call: Option<Call>,
    /// What the descriptor stands for that is the call's first argument.
    pub object: Option<Object>,
    /// On which line.
    pub place: Place,
}
