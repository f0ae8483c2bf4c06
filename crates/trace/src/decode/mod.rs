//! Turns registers and memory into [`Call`]s and [`Answer`]s.
//!
//! One table ([`rows`]) says of each call of this course what its arguments are; the rest is how
//! to read each kind of argument ([`Reader`]). A call without a row is shown raw. Everything keeps
//! its meaning as a [`Value`], so that what differs from run to run can be renamed.

#[cfg(test)]
mod fake;
mod kind;
mod messages;
mod names;
mod operations;
mod parts;
mod reader;
mod readiness;
mod rows;
#[cfg(target_arch = "x86_64")]
mod rows_x86_64;
mod show;
mod signals;
mod sockets;
mod structs;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use kind::Gives;
use parts::{number_or_pointer, pid, pointer};
use reader::Reader;
pub use signals::{errno_name, signal_name};
pub(crate) use sockets::address;

use crate::call::{Answer, Call, Class, Value};
use crate::sys::Memory;

/// So many arguments of a call that has no row are shown: nobody knows how many it has.
const RAW: usize = 3;

/// The call that these registers say. Without a result it has just been made, and what the kernel
/// is to fill in is [`Value::Later`]; it stays so in a call that a signal has interrupted.
pub(crate) fn call(
    number: u64,
    args: &[u64; 6],
    memory: &impl Memory,
    result: Option<i64>,
) -> Call {
    let result = result.filter(|&result| !is_interruption(result));
    let values = match table::row(number) {
        Some(row) => Reader { memory, args, result }.values(row.args),
        None => args.iter().take(RAW).map(|&arg| number_or_pointer(arg)).collect(),
    };
    let thread = match number.cast_signed() {
        libc::SYS_clone => makes_thread(args[0]),
        libc::SYS_clone3 => memory.word(args[0]).is_some_and(makes_thread),
        _ => false,
    };
    let class = if thread { Class::Thread } else { class(number) };
    Call { name: name(number), class, args: values }
}

/// Adds to a call, as it was when it was made, what the kernel has filled in since. What the
/// program gave it is kept: that memory may hold something else now (select(2) leaves the rest of
/// the time there, and execve(2) nothing at all).
pub(crate) fn finish(
    made: &mut Call,
    number: u64,
    args: &[u64; 6],
    memory: &impl Memory,
    result: i64,
) {
    let done = call(number, args, memory, Some(result));
    if made.args.len() == done.args.len() {
        for (old, new) in made.args.iter_mut().zip(done.args) {
            fill(old, new);
        }
    }
}

fn fill(old: &mut Value, new: Value) {
    match (old, new) {
        (old @ Value::Later, new) => *old = new,
        (Value::Fields(old), Value::Fields(mut new)) => old.retain_mut(|(name, value)| {
            let place = new.iter().position(|(other, _)| other == name);
            let found = place.map(|place| new.swap_remove(place).1);
            let keep = *value != Value::Later || found.is_some();
            if let Some(new) = found {
                fill(value, new);
            }
            keep
        }),
        (Value::List(old), Value::List(new)) if old.len() == new.len() => {
            old.iter_mut().zip(new).for_each(|(old, new)| fill(old, new));
        }
        _ => {}
    }
}

/// What a call has given. The arguments are asked for by fcntl(2) alone, which gives a descriptor,
/// flags or a number, as its operation says.
pub(crate) fn answer(number: u64, args: &[u64; 6], result: i64) -> Answer {
    if is_interruption(result) {
        return Answer::Interrupted;
    }
    if let Some(errno @ 1..=4095) = result.checked_neg() {
        return i32::try_from(errno).map_or(Answer::Interrupted, Answer::Error);
    }
    let bits = result.cast_unsigned();
    Answer::Value(match table::row(number).map_or(Gives::Number, |row| row.gives) {
        Gives::Number => Value::Int(result),
        Gives::Fd => Value::Fd(parts::int(bits)),
        Gives::Pid => pid(parts::int(bits)),
        Gives::Signal => Value::Signal(parts::int(bits)),
        Gives::Pointer => pointer(bits),
        Gives::Control => operations::control_result(parts::int(args[1]), result),
    })
}

/// What a call is about; of a clone(2) that makes a thread [`call`] knows better.
pub(crate) fn class(number: u64) -> Class {
    table::row(number).map_or(Class::Other, |row| row.class)
}

/// The number of a call on this processor.
pub(crate) fn number(name: &str) -> Option<u64> {
    table::number(name)
}

/// The name of a call; `syscall_N` when it has no row.
pub(crate) fn name(number: u64) -> Cow<'static, str> {
    match table::row(number) {
        Some(row) => Cow::Borrowed(row.name),
        None => format!("syscall_{number}").into(),
    }
}

/// ERESTARTSYS and its relatives, which only a tracer sees.
fn is_interruption(result: i64) -> bool {
    (-516..=-512).contains(&result)
}

fn makes_thread(flags: u64) -> bool {
    flags & u64::from(libc::CLONE_THREAD.cast_unsigned()) != 0
}
