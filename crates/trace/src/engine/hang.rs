//! Where everybody is when nothing moves.

use std::fmt;
use std::time::{Duration, Instant};

use super::Tracer;
use super::current::Position;
use super::tasks::Id;
use super::tracee::{Motion, Slice, Tracee};
use crate::call::{Call, Value};
use crate::decode;
use crate::kernel::task_status;
use crate::step::{Event, Place};
use crate::sys::{self, OfProcess};
use crate::task::Task;

/// Where a task was when the time was over. Shown as
/// `P1 asleep for 5.0s in sendto(3, …) at send.rs:9`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hung {
    /// Who.
    pub task: Task,
    /// What it does.
    pub doing: Doing,
    /// For how long.
    pub since: Duration,
    /// In which call.
    pub call: Option<Call>,
    /// On which line.
    pub place: Place,
}

/// What a task does that does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It sleeps in a call.
    Sleeping,
    /// It computes.
    Computing,
    /// A signal has stopped it.
    Stopped,
}

impl fmt::Display for Hung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doing = match self.doing {
            Doing::Sleeping => "asleep",
            Doing::Computing => "computing",
            Doing::Stopped => "stopped",
        };
        write!(f, "{} {doing} for {:.1}s", self.task, self.since.as_secs_f64())?;
        if let Some(call) = &self.call {
            write!(f, " in {}(", call.name)?;
            match call.args.first() {
                Some(Value::Fd(fd)) => write!(f, "{fd}, …)")?,
                Some(Value::Pid(pid)) => write!(f, "{pid}, …)")?,
                Some(_) => f.write_str("…)")?,
                None => f.write_str(")")?,
            }
        }
        match self.place.location() {
            Some(location) => write!(f, " at {}:{}", location.file, location.line),
            None => Ok(()),
        }
    }
}

impl Tracer {
    /// Where everybody is. Those who compute are stopped for it, so that their stacks can be
    /// walked.
    pub(super) fn where_all(&mut self) -> Vec<Hung> {
        self.stop_computing();
        let ids = self.tasks.ids();
        ids.into_iter().filter_map(|id| self.where_is(id)).collect()
    }

    fn where_is(&mut self, id: Id) -> Option<Hung> {
        let tracee = self.tasks.get(id)?;
        let (task, pid, tid) = (tracee.name, tracee.pid, tracee.tid);
        let stopped = tracee.motion == Motion::Listening;
        let going = match tracee.motion {
            Motion::Going(going) => going.since.elapsed(),
            _ => self.moved.0.elapsed(),
        };
        if let Some(current) = tracee.position.call() {
            let call = current.told.clone();
            let decode = || decode::call(current.number, &current.args, &OfProcess(pid), None);
            let doing = if stopped { Doing::Stopped } else { Doing::Sleeping };
            let (since, place) = (current.since.elapsed(), current.place.clone());
            return Some(Hung { task, doing, since, call: call.or_else(|| Some(decode())), place });
        }
        let held = tracee.is_held();
        let place =
            if held { self.symbols.place(pid, tid).place.clone() } else { Place::default() };
        let doing = if stopped { Doing::Stopped } else { Doing::Computing };
        Some(Hung { task, doing, since: going, call: None, place })
    }

    fn stop_computing(&mut self) {
        let computing: Vec<Id> = self
            .tasks
            .iter()
            .filter(|(_, tracee)| {
                matches!(tracee.motion, Motion::Going(_))
                    && matches!(tracee.position, Position::Outside)
                    && task_status(tracee.pid, tracee.tid) == Some('R')
            })
            .map(|(id, _)| id)
            .collect();
        for &id in &computing {
            if let Some(tracee) = self.tasks.get_mut(id) {
                tracee.slice = Slice::Ending;
                // One that is gone by now reports its end.
                let _ = sys::interrupt(tracee.tid);
            }
        }
        let end = Instant::now() + Duration::from_millis(200);
        let stands = |tracer: &Self| {
            computing.iter().all(|&id| tracer.tasks.get(id).is_none_or(Tracee::is_held))
        };
        // The report is about the others, too: what fails here is not worth losing it.
        while !stands(self) && Instant::now() < end && self.collect().is_ok() {
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// Tells that nothing moves.
    pub(super) fn tell_stuck(&mut self) {
        let all = self.where_all();
        let all = all.into_iter().map(|hung| (hung.task, hung.call, hung.place)).collect();
        let first = self.tasks.iter().next().map(|(id, _)| id);
        self.note_movement();
        if let Some(id) = first {
            self.tell_step(id, Event::Stuck(all), None, Place::default(), None);
            self.close();
        }
    }
}
