//! Steps in words.

use std::fmt::Write as _;

use trace::{Birth, Call, Effect, End, Event, Location, Pid, Place, Step, Task, signal_name};

use super::lane::how;
use super::row::Kind;

/// `server.rs:31`.
pub(crate) fn place(location: &Location) -> String {
    format!("{}:{}", file(location), location.line)
}

/// A folder stays, but for the `src` that every package has. An example that shares a file with
/// the demo names it by way of its own folder: `examples/twin/../../src/child.rs`.
pub(crate) fn file(location: &Location) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in location.file.split('/') {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let file = parts.join("/");
    let short = ["src/", "examples/"].iter().find_map(|folder| file.strip_prefix(folder));
    short.map_or_else(|| file.clone(), ToOwned::to_owned)
}

/// What a row shows, in a line; `name` says how a process is called.
pub(crate) fn headline(kind: Kind, steps: &[Step], name: &dyn Fn(Pid) -> String) -> String {
    let Some(last) = steps.last() else { return String::new() };
    let call = || last.call.as_ref().map(ToString::to_string).unwrap_or_default();
    match (kind, &last.event) {
        (Kind::Bundle, _) => bundle(steps),
        (_, Event::Enter) => clean(&call()),
        (_, Event::Blocked) => clean(&format!("{} …", call())),
        (_, Event::Return { answer, fault }) => {
            let resumed = if kind == Kind::Returns { "… " } else { "" };
            let fault = fault.as_ref().map(|name| format!("   injected: {name}"));
            clean(&format!("{resumed}{} = {answer}{}", call(), fault.unwrap_or_default()))
        }
        (..) => clean(&happening(last, name)),
    }
}

/// What is no call.
fn happening(step: &Step, name: &dyn Fn(Pid) -> String) -> String {
    match &step.event {
        Event::Signal { signal, sender, effect } => {
            let from = match sender {
                None => "the kernel".into(),
                Some(pid) if *pid == Pid::OUTSIDE => "outside".into(),
                Some(pid) => name(*pid),
            };
            let effect = match effect {
                Effect::Handled => "a handler runs",
                Effect::Ignored => "ignored",
                Effect::Ends => "ends the process",
                Effect::Stops => "stops the process",
                Effect::Continues => "the process goes on",
            };
            format!("{} from {from}: {effect}", signal_name(*signal))
        }
        Event::Born { parent, how } => match how {
            Birth::Fork => format!("begins: a process forked by {parent}"),
            Birth::Vfork => format!("begins: a process vforked by {parent}"),
            Birth::Thread => format!("begins: a thread, made by {parent}"),
        },
        Event::Exec { path } => format!("runs {path} from here on"),
        Event::Stopped { signal } => format!("stopped by {}", signal_name(*signal)),
        Event::Ended(End::Thread) => "ends: a thread".into(),
        Event::Ended(end) => format!("ends {}", how(*end)),
        Event::Stuck(tasks) if everybody_sleeps(tasks) => {
            "stuck: nobody can move, and no time limit will change that".into()
        }
        Event::Stuck(_) => "nothing has happened for some time, because somebody computes".into(),
        Event::Again { steps, times } => again(step.number, *steps, *times),
        Event::Enter | Event::Blocked | Event::Return { .. } => step.task.to_string(),
    }
}

/// `≡ steps 12 to 14, 9,998 times more`
fn again(last: u32, steps: u32, times: u32) -> String {
    let end = last.saturating_sub(steps.saturating_mul(times));
    let what = match steps {
        0 | 1 => format!("step {}", grouped(end)),
        _ => format!("steps {} to {}", grouped(end.saturating_sub(steps - 1)), grouped(end)),
    };
    let times = if times == 1 { "once".into() } else { format!("{} times", grouped(times)) };
    format!("≡ {what}, {times} more")
}

/// With a comma before each three digits.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let comma = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    let letters = digits.char_indices();
    letters.flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect()
}

/// Where a task is of which an [`Event::Stuck`] tells.
type Standing = (Task, Option<Call>, Place);

/// Whether nobody of them computes.
pub(crate) fn everybody_sleeps(tasks: &[Standing]) -> bool {
    tasks.iter().all(|(_, call, _)| call.is_some())
}

/// For each of them where it sleeps, or computes.
pub(crate) fn report(tasks: &[Standing]) -> Vec<String> {
    let line = |(task, call, at): &Standing| {
        let mut text = match call {
            Some(call) => format!("{task} asleep in {call}"),
            None => format!("{task} computes"),
        };
        // Writing to a String does not fail.
        if let Some(location) = at.location() {
            let _ = write!(text, " at {}", place(location));
        }
        clean(&text)
    };
    tasks.iter().map(line).collect()
}

/// `getaddrinfo: 14 calls (openat, read, …)`
fn bundle(steps: &[Step]) -> String {
    let name = steps.first().and_then(|step| step.place.libc.as_deref()).unwrap_or_default();
    let begun = steps.iter().filter(|step| matches!(step.event, Event::Enter));
    let calls: Vec<_> = begun.filter_map(|step| Some(&*step.call.as_ref()?.name)).collect();
    let mut names: Vec<&str> = Vec::new();
    for call in &calls {
        if !names.contains(call) {
            names.push(call);
        }
    }
    let more = if names.len() > 5 { ", …" } else { "" };
    let asleep = matches!(steps.last().map(|step| &step.event), Some(Event::Blocked));
    let asleep = if asleep { " …" } else { "" };
    names.truncate(5);
    let calls = match calls.len() {
        1 => "1 call".into(),
        count => format!("{count} calls"),
    };
    format!("{name}(…): {calls} ({}{more}){asleep}", names.join(", "))
}

/// Text from outside, fit for a line of a terminal: a tab is spaces, and no control character
/// reaches the screen, where it could do anything.
pub(crate) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\t' => line.push_str("    "),
            '\r' | '\n' => {}
            control if control.is_control() => line.extend(control.escape_debug()),
            // They would turn the rest of the line around.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => line.push('\u{fffd}'),
            plain => line.push(plain),
        }
    }
    line
}
