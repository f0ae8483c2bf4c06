//! How much of memory something takes, roughly, beside what stands in the file itself.

use crate::call::{Address, Call, Value};
use crate::step::{Location, Place};

pub(super) fn location(at: &Location) -> usize {
    size_of_val(at) + at.file.len() + at.function.len()
}

pub(super) fn place(place: &Place) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    place.stack.iter().map(location).sum::<usize>() + text(&place.api) + text(&place.libc)
}

pub(super) fn call(call: &Call) -> usize {
    call.name.len() + call.args.iter().map(value).sum::<usize>()
}

fn value(it: &Value) -> usize {
    let more = match it {
        Value::Name(text) => text.len(),
        Value::Bytes(bytes) => bytes.head.len(),
        Value::Text(text) | Value::Address(Address::Path(text) | Address::Abstract(text)) => {
            text.len()
        }
        Value::List(values) => values.iter().map(value).sum(),
        Value::Fields(fields) => fields.iter().map(|(name, it)| name.len() + value(it)).sum(),
        _ => 0,
    };
    size_of_val(it) + more
}
