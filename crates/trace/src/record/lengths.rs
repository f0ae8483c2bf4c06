//! Bytes that have become longer or shorter by a name are told so by the call's other arguments
//! and by its answer: `write(1, "child P2", 8) = 8`.

use crate::call::{Answer, Call, Value};
use crate::step::{Event, Step};

/// How many bytes each of a step's calls has among its arguments.
pub(super) fn before(step: &mut Step) -> Vec<u64> {
    let mut lengths = Vec::new();
    each(step, |call, _| lengths.push(length(&call.args)));
    lengths
}

/// Adapts what says the same numbers as [`before`].
pub(super) fn after(step: &mut Step, before: &[u64]) {
    let mut before = before.iter();
    each(step, |call, answer| {
        let lengths = (before.next().copied(), length(&call.args));
        let (Some(before), after) = lengths else { return };
        let (Ok(before), Ok(after)) = (i64::try_from(before), i64::try_from(after)) else { return };
        for value in call.args.iter_mut().chain(answer).filter(|_| before != after) {
            if *value == Value::Int(before) {
                *value = Value::Int(after);
            }
        }
    });
}

fn each(step: &mut Step, mut work: impl FnMut(&mut Call, Option<&mut Value>)) {
    if let Event::Stuck(tasks) = &mut step.event {
        tasks.iter_mut().filter_map(|task| task.1.as_mut()).for_each(|call| work(call, None));
    }
    let answer = match &mut step.event {
        Event::Return { answer: Answer::Value(value), .. } => Some(value),
        _ => None,
    };
    if let Some(call) = &mut step.call {
        work(call, answer);
    }
}

fn length(values: &[Value]) -> u64 {
    let each = values.iter().map(|value| match value {
        Value::Bytes(bytes) => bytes.length,
        Value::List(values) => length(values),
        _ => 0,
    });
    each.sum()
}
