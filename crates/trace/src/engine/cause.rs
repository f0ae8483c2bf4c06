//! Which of several steps a change belongs to. When a call wakes somebody, both return before anybody
//! looks at what the kernel holds, and what has changed is not news of the last step alone: a
//! connect(2) that wakes an accept(2) has made the connection.

use crate::call::{Answer, Call, Class, Value};
use crate::pid::Pid;
use crate::state::Change;
use crate::step::{Event, Step};

/// The index of the step. `steps` are in their order, the mover's first; `process` is the number of
/// the process in the names of its tasks, if it is known.
pub(super) fn step_of(
    change: &Change,
    steps: &[&Step],
    process: impl Fn(Pid) -> Option<u32>,
) -> usize {
    let last = steps.len().saturating_sub(1);
    let of = |pid: Pid, fits: &dyn Fn(&Step) -> bool| {
        let number = process(pid);
        steps.iter().rposition(|step| Some(step.task.process) == number && fits(step))
    };
    match change {
        // By whoever has named it; else by whoever has moved: a peer's bytes have arrived.
        Change::Descriptor(pid, fd, _) | Change::Closed(pid, fd) => {
            of(*pid, &|step| names(step, *fd)).unwrap_or(0)
        }
        Change::Process(pid, _) => {
            of(*pid, &|step| matches!(step.event, Event::Born { .. })).unwrap_or(last)
        }
        Change::Status(pid, _) | Change::Name(pid, _) | Change::Signals(pid, _) => {
            of(*pid, &|_| true).unwrap_or(last)
        }
        // By what has become of another process.
        Change::Gone(_) | Change::Parent(..) => last,
    }
}

/// Whether a step's call is given a descriptor, or gives it. One that waits for many of them does
/// nothing to any.
fn names(step: &Step, fd: i32) -> bool {
    let gives = |answer: &Answer| matches!(answer, Answer::Value(value) if holds(value, fd));
    let made = matches!(&step.event, Event::Return { answer, .. } if gives(answer));
    let given = |call: &Call| {
        call.class != Class::Readiness && call.args.iter().any(|value| holds(value, fd))
    };
    made || step.call.as_ref().is_some_and(given)
}

fn holds(value: &Value, fd: i32) -> bool {
    match value {
        Value::Fd(other) => *other == fd,
        Value::List(values) => values.iter().any(|value| holds(value, fd)),
        Value::Fields(fields) => fields.iter().any(|(_, value)| holds(value, fd)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Descriptor, Object, Status};
    use crate::step::Place;
    use crate::task::Task;

    fn step(process: u32, name: &'static str, class: Class, fd: i32, gives: Value) -> Step {
        let call = Call { name: name.into(), class, args: vec![Value::List(vec![Value::Fd(fd)])] };
        Step {
            number: 0,
            task: Task { process, thread: 1 },
            event: Event::Return { answer: Answer::Value(gives), fault: None },
            call: Some(call),
            place: Place::default(),
            output: None,
            changes: Vec::new(),
        }
    }

    fn descriptor(pid: i32, fd: i32) -> Change {
        let object = Object::Timer;
        let descriptor =
            Descriptor { object, nonblocking: false, close_on_exec: false, locks: Vec::new() };
        Change::Descriptor(pid.into(), fd, Box::new(descriptor))
    }

    /// Processes 1 and 2 have the numbers 10 and 20.
    fn process(pid: Pid) -> Option<u32> {
        match pid {
            Pid::Number(number) => Some(number.cast_unsigned() / 10),
            _ => None,
        }
    }

    #[test]
    fn a_connection_is_its_connects_and_what_accept_gives_is_its_own() {
        let connect = step(1, "connect", Class::Socket, 5, Value::Int(0));
        let accept = step(1, "accept4", Class::Socket, 3, Value::Fd(4));
        let steps = [&connect, &accept];
        for (change, expected) in [
            (descriptor(10, 5), 0),
            (descriptor(10, 4), 1),
            (descriptor(10, 3), 1),
            // Nobody has named it: the mover's.
            (descriptor(10, 9), 0),
            (descriptor(20, 4), 0),
            (Change::Status(10.into(), Status::Asleep), 1),
            (Change::Gone(20.into()), 1),
        ] {
            assert_eq!(step_of(&change, &steps, process), expected, "{change:?}");
        }
    }

    #[test]
    fn what_arrives_is_the_senders() {
        let send = step(1, "sendto", Class::Socket, 5, Value::Int(7));
        let poll = step(2, "poll", Class::Readiness, 4, Value::Int(1));
        let read = step(2, "read", Class::File, 4, Value::Int(7));
        assert_eq!(step_of(&descriptor(20, 4), &[&send, &poll], process), 0);
        assert_eq!(step_of(&descriptor(20, 4), &[&send, &read], process), 1);
    }
}
