//! What is told of what happens.

use super::current::{Current, Position};
use super::likeness::Likeness;
use super::rounds::Fate;
use super::tasks::Id;
use super::told::Told;
use super::touch::Touch;
use super::tracee::{Motion, Tracee};
use super::{Pace, Tracer, disguise, relevance};
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
            self.tell_of_call(id, event, call, current, None);
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
        self.tell_of_call(id, event, call, current, output);
    }

    /// Tells it, unless it is what the task has done again and again.
    fn tell_of_call(
        &mut self,
        id: Id,
        event: Event,
        call: Call,
        current: &Current,
        output: Option<Output>,
    ) {
        // Who sleeps does not ask without ever sleeping; and what is said is always told.
        let counts = !matches!(event, Event::Blocked) && output.is_none();
        if !counts || self.tells_all() {
            return self.tell_step(id, event, Some(call), current.place.clone(), output);
        }
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        let vague = disguise::is_of_watched(&self.watched, tracee.pid, current);
        let (task, place) = (tracee.name, current.place.clone());
        let call = Some(call);
        let step = Step { number: 0, task, event, call, place, output, changes: Vec::new() };
        let (pieces, step) = if vague && current.number == libc::SYS_read.cast_unsigned() {
            (tracee.pieces.step(Likeness::of_read(&step, current.args[0]), step), None)
        } else {
            (tracee.pieces.end(), Some((step, vague)))
        };
        for (step, vague) in pieces.into_iter().map(|step| (step, true)).chain(step) {
            let Some(tracee) = self.tasks.get_mut(id) else { return };
            match tracee.rounds.step(Likeness::of_task(&step, vague), step.into()) {
                Fate::Told(before, step) => {
                    for step in before.into_iter().chain([*step]) {
                        self.script.tell(id, step);
                    }
                }
                Fate::Withheld { again: true } => self.end_turn(id),
                Fate::Withheld { again: false } => {}
            }
        }
    }

    pub(super) fn tell_step(
        &mut self,
        id: Id,
        event: Event,
        call: Option<Call>,
        place: Place,
        output: Option<Output>,
    ) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        let Tracee { pieces, rounds, .. } = tracee;
        for told in rounds.interrupt().into_iter().chain(pieces.end().into_iter().map(Told::from)) {
            self.script.tell(id, told);
        }
        let task = tracee.name;
        let step = Step { number: 0, task, event, call, place, output, changes: Vec::new() };
        self.script.tell(id, step);
    }

    /// Puts what was gathered in order, with what the kernel holds now.
    pub(super) fn close(&mut self) {
        let wanted = self.tasks.iter().any(|(_, tracee)| tracee.rounds.wants_look());
        if self.script.is_idle() && !wanted {
            return;
        }
        self.tell_rest();
        let news = self.script.close(self.mover, self.tells_all());
        let wanted = wanted || news || self.script.wants_look();
        if wanted {
            self.look(news);
        }
    }

    /// What the kernel holds now; `news`: and what has changed since the step before.
    fn look(&mut self, news: bool) {
        if !self.settings.state || self.pace == Pace::Free {
            return;
        }
        let touch = std::mem::replace(&mut self.touch, Touch::nothing());
        let state = self.script.look(news, &touch, &self.tasks);
        for id in self.tasks.ids() {
            if let Some(tracee) = self.tasks.get_mut(id) {
                tracee.rounds.seen(&state);
            }
        }
    }

    /// Whether even that is told that is done again and again.
    fn tells_all(&self) -> bool {
        self.settings.everything || self.settings.whole || self.pace == Pace::Free
    }

    /// Who waits for the world outside may wait for long: what was withheld of loops is told now,
    /// and what they do then is told again.
    pub(super) fn tell_withheld(&mut self) {
        for id in self.tasks.ids() {
            let Some(tracee) = self.tasks.get_mut(id) else { continue };
            for told in tracee.rounds.interrupt() {
                self.script.tell(id, told);
            }
        }
        self.close();
        self.script.finish();
        if self.script.has_next() {
            self.look(true);
        }
    }

    /// Whether a call that writes goes on.
    pub(super) fn is_somebody_writing(&self) -> bool {
        self.tasks.iter().any(|(_, tracee)| is_writing(tracee))
    }

    /// What was said by nobody's traced call (by a process that nobody traces, or cut off by a
    /// kill) goes with whatever is told next, unless somebody is still saying it.
    fn tell_rest(&mut self) {
        let over = self.tasks.is_empty();
        let saying = self.is_somebody_writing();
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
