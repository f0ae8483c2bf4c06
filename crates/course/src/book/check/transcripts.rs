//! Every transcript is what the program says today. Programs run side by side, each once for all
//! that is shown of it; one that does not fit gets a second and a third chance, because a machine
//! under load may show what is rare.

use std::sync::Mutex;
use std::thread;

use super::super::renew::{self, Wanted};
use super::super::{Book, mark, run, session, transcript};
use crate::doctor;

/// Most of them wait most of the time.
const AT_ONCE: usize = 4;
const CHANCES: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Transcripts {
    pub(super) same: usize,
    pub(super) skipped: Vec<String>,
    pub(super) problems: Vec<String>,
}

enum Verdict {
    Same,
    Skipped(String),
    Differs(String),
}

pub(super) fn compare(book: &Book, meant: &impl Fn(&str) -> bool) -> Result<Transcripts, String> {
    let all = renew::wanted(book)?;
    let mut result = Transcripts::default();
    if meant("") {
        let unknown = transcript::all(book).into_iter().filter(|name| !all.contains_key(name));
        let no_use = |name| format!("docs/transcripts/{name}.txt: no chapter shows it");
        result.problems.extend(unknown.map(no_use));
    }
    let wanted: Vec<_> = all.into_iter().filter(|(name, _)| meant(name)).collect();
    let queue = Mutex::new(wanted.into_iter());
    let done = Mutex::new(Vec::new());
    // A lock is poisoned when its holder panics, and nobody does while holding one of these.
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((name, wanted)) = next() {
                    let verdict = verdict(book, &name, &wanted);
                    if let Ok(mut done) = done.lock() {
                        done.push((name, verdict));
                    }
                }
            });
        }
    });
    for (name, verdict) in done.into_inner().map_err(|error| error.to_string())? {
        match verdict {
            Verdict::Same => result.same += 1,
            Verdict::Skipped(why) => result.skipped.push(why),
            Verdict::Differs(why) => result.problems.push(format!(
                "docs/transcripts/{name}.txt: {why} (cargo course book --renew {name})"
            )),
        }
    }
    result.problems.sort();
    Ok(result)
}

fn verdict(book: &Book, name: &str, wanted: &Wanted) -> Verdict {
    // That it is not there is said where it is shown.
    let Ok(kept) = transcript::kept(book, name) else {
        return Verdict::Skipped(format!("{name}: not made yet"));
    };
    if let Err(why) = possible(book, wanted) {
        return Verdict::Skipped(why);
    }
    let mut last = String::new();
    for _ in 0..CHANCES {
        match wanted.today(book, false).map(|text| mark::difference(&kept, &text)) {
            Ok(None) => return Verdict::Same,
            Ok(Some(why)) | Err(why) => last = why,
        }
    }
    match run::unusual() {
        Some(why) => Verdict::Skipped(format!("{name} differs ({last}), but {why}")),
        None => Verdict::Differs(last),
    }
}

/// What cannot be run here is no mistake of the book, but has to be said.
fn possible(book: &Book, wanted: &Wanted) -> Result<(), String> {
    match wanted {
        Wanted::Run { run, .. } => {
            run::command(book, run)?;
            let traced = if run.stage.is_empty() { Ok(()) } else { doctor::can_trace().map(drop) };
            traced.map_err(|why| format!("{}: {why}", run.command()))
        }
        Wanted::Session { name } => {
            let script = book.read(&format!("docs/transcripts/{name}.session")).unwrap_or_default();
            session::possible(book, &script)
        }
    }
}
