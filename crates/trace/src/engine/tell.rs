//! What is told of what happens.

use super::current::{Current, Position};
use super::relevance;
use super::tasks::Id;
use super::tracee::{Motion, Tracee};
use super::{Pace, Tracer};
use crate::call::Call;
use crate::decode;
use crate::step::{Event, Output, Place, Step};
use crate::sys::OfProcess;

impl Tracer {
    /// Tells something about a task that is not about a call.
    pub(super) fn tell(&mut self, id: Id, event: Event) {
        if self.begun {
            self.tell_step(id, event, None, Place::default(), None);
        }
    }

    /// Tells how far a call is, if it is told at all.
    pub(super) fn tell_call(&mut self, id: Id, event: Event, current: &Current) {
        if let Some(call) = current.told.clone() {
            self.tell_step(id, event, Some(call), current.place.clone(), None);
        }
    }

    /// Tells that a call has returned, if it is told at all or something was said by it.
    pub(super) fn tell_return(
        &mut self,
        id: Id,
        current: &Current,
        result: i64,
        output: Option<Output>,
    ) {
        if current.told.is_none() && output.is_none() {
            return;
        }
        let Some(pid) = self.tasks.get(id).map(|tracee| tracee.pid) else { return };
        let (number, args, memory) = (current.number, &current.args, OfProcess(pid));
        let call = match current.told.clone() {
            Some(mut call) => {
                decode::finish(&mut call, number, args, &memory, result);
                call
            }
            None => decode::call(number, args, &memory, Some(result)),
        };
        let answer = decode::answer(number, args, result);
        let fault = current.fault.as_ref().map(|fault| fault.name.clone());
        let event = Event::Return { answer, fault };
        self.tell_step(id, event, Some(call), current.place.clone(), output);
    }

    pub(super) fn tell_step(
        &mut self,
        id: Id,
        event: Event,
        call: Option<Call>,
        place: Place,
        output: Option<Output>,
    ) {
        let Some(task) = self.tasks.get(id).map(|tracee| tracee.name) else { return };
        let step = Step { number: 0, task, event, call, place, output, changes: Vec::new() };
        self.script.tell(id, step);
    }

    /// Puts what was gathered in order, with what the kernel holds now.
    pub(super) fn close(&mut self) {
        if self.script.is_idle() {
            return;
        }
        self.tell_rest();
        self.script.close(self.mover);
        if self.settings.state && self.pace == Pace::Stepping {
            let Self { script, tasks, .. } = self;
            script.look(|tid| {
                let id = tasks.of_tid(tid);
                id.and_then(|id| tasks.get(id)).is_some_and(Tracee::is_held)
            });
        }
    }

    /// What was said by nobody's traced call (by a process that nobody traces, or cut off by a
    /// kill) goes with whatever is told next, unless somebody is still saying it.
    fn tell_rest(&mut self) {
        let over = self.tasks.is_empty();
        let saying = self.tasks.iter().any(|(_, tracee)| is_writing(tracee));
        let Some(capture) = self.output.as_mut().filter(|_| !saying) else { return };
        let Some(last) = self.script.last() else { return };
        while last.output.is_none() || over {
            let Some(rest) = capture.rest(over) else { return };
            match &mut last.output {
                Some(output) => output.text.push_str(&rest.text),
                none => *none = Some(rest),
            }
        }
    }
}

/// Whether a task is in a call that writes.
fn is_writing(tracee: &Tracee) -> bool {
    let Position::Inside(current) = &tracee.position else { return false };
    matches!(tracee.motion, Motion::Going(_)) && relevance::writes_to(current.number).is_some()
}
