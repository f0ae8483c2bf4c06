//! From what was seen of a case to what is said about it.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use nix::unistd::getpid;
use trace::End;

use super::case::{PROCESSES, Stage, Verdict, Why, pid};
use super::page::{Page, State};
use super::runner::{Ended, Runner};
use super::traced::Outcome;
use super::{Case, ending, folder, hang, left, panics};

/// What was seen before everybody was killed.
pub(super) struct Seen {
    why: Why,
    /// Lines about tasks, or about what is left over.
    lines: Vec<String>,
    /// Who outlives the case.
    survivors: Vec<String>,
    ended: Option<Ended>,
}

impl Seen {
    pub(super) fn now(
        why: Why,
        case: &Case,
        stage: &Stage<'_>,
        runner: Runner,
        own: &Path,
    ) -> Self {
        let (harness, pid) = (getpid().as_raw().cast_unsigned(), pid(stage.page));
        let mut runner = Some(runner);
        let mut seen = Self { why, lines: Vec::new(), survivors: Vec::new(), ended: None };
        match why {
            Why::Ended => {
                // Those of a case under faults are the tracer's until it has ended.
                if case.faults.is_none() {
                    seen.survivors = left::outlived(harness, pid, stage.root);
                }
                seen.lines = folder::left_names(own);
                seen.ended = runner.take().and_then(Runner::ended);
            }
            Why::Left => {
                seen.lines = left::tell(pid, &stage.page.verdict.get(), stage.root);
            }
            Why::TimeOver | Why::Busy if case.faults.is_none() => {
                seen.lines = hang::report(harness, pid, stage.root);
            }
            Why::TimeOver | Why::Busy => seen.ended = runner.take().and_then(Runner::ended),
            Why::Full | Why::Forks => {}
        }
        if case.faults.is_some() {
            // Nothing is reaped behind the tracer's back: it ends before the others are cleared.
            runner.and_then(Runner::ended);
        }
        seen.lines.extend(left::objects(&stage.page.names.get()));
        seen
    }
}

/// What a learner reads.
pub(super) fn verdict(case: &Case, page: &Page, seen: &Seen) -> Verdict {
    let mut text = match judged(case, page, seen) {
        Verdict::Failed(text) => text,
        other => return other,
    };
    let asides = page.asides.get();
    if let Some(todo) = asides.lines().find(|line| line.ends_with(panics::TODO)) {
        // What the test saw of it is a consequence, and no news to whoever has not begun yet.
        text = format!("{todo}\n\nwhat the test saw of it:\n{}", indented(&text, "  "));
    }
    // Writing to a String cannot fail.
    let steps = page.steps.get();
    if !steps.is_empty() {
        let _ = write!(text, "\n\nup to then it went well:\n{}", indented(&steps, "  + "));
    }
    let others: Vec<&str> = asides.lines().filter(|line| !line.ends_with(panics::TODO)).collect();
    if !others.is_empty() {
        let _ = write!(text, "\n\nmeanwhile:\n{}", indented(&others.join("\n"), "  "));
    }
    Verdict::Failed(text)
}

fn judged(case: &Case, page: &Page, seen: &Seen) -> Verdict {
    let (strays, skipped) = (page.strays.get(), page.skipped.get());
    let lines = seen.lines.join("\n");
    let mut state = page.state();
    if !strays.is_empty() {
        return Verdict::Failed(strays);
    }
    match (seen.why, &seen.ended) {
        // It was a thread, and it has ended by itself before it was looked at.
        (Why::Left, _) if lines.is_empty() => state = State::Passed,
        (Why::Left, _) => return Verdict::Failed(lines),
        (Why::Full, _) => {
            return Verdict::Failed(format!(
                "it has written more than {} MiB into its folder, and goes on: a loop that does not \
                 end, or one that reads what it writes",
                folder::MOST >> 20
            ));
        }
        (Why::Forks, _) => {
            return Verdict::Failed(format!(
                "it has started more than {PROCESSES} processes, and goes on: behind fork(2) the loop \
                 that forks goes on in the child as well, unless the child leaves it"
            ));
        }
        (Why::TimeOver, None) => {
            return Verdict::Failed(format!("{}\n{lines}", time_is_over(case)));
        }
        (Why::Busy, None) => {
            let most = case.cpu.unwrap_or_default();
            return Verdict::Failed(format!("{}\n{lines}", too_busy(most)));
        }
        (_, Some(Ended::Traced(outcome))) => {
            if let Some(judged) = under_faults(case, state, outcome) {
                return judged;
            }
        }
        _ => {}
    }
    match state {
        State::Failed => Verdict::Failed(page.verdict.get()),
        State::Passed if !seen.survivors.is_empty() => Verdict::Failed(seen.survivors.join("\n")),
        State::Passed if !lines.is_empty() => Verdict::Failed(lines),
        State::Passed if !skipped.is_empty() => Verdict::Skipped(skipped),
        State::Passed => Verdict::Passed,
        State::Born | State::Running | State::Left => Verdict::Failed(match &seen.ended {
            Some(Ended::Code(code) | Ended::Traced(Outcome { end: Some(End::Code(code)), .. })) => {
                ending::code(*code)
            }
            Some(
                Ended::Signal(signal)
                | Ended::Traced(Outcome { end: Some(End::Signal(signal)), .. }),
            ) => ending::signal(*signal),
            _ => "it has vanished without a word".into(),
        }),
    }
}

fn under_faults(case: &Case, state: State, outcome: &Outcome) -> Option<Verdict> {
    if let Some(why) = &outcome.denied {
        return Some(Verdict::Skipped(why.clone()));
    }
    if let Some(error) = &outcome.error {
        return Some(Verdict::Failed(format!("the tracer could not go on: {error}")));
    }
    if !outcome.hung.is_empty() {
        let lines = outcome.hung.join("\n");
        return Some(Verdict::Failed(format!("{}\n{lines}", time_is_over(case))));
    }
    (state == State::Passed && !outcome.unfired.is_empty()).then(|| {
        Verdict::Failed(format!(
            "{}: this was to happen to your code, and it never made such a call",
            outcome.unfired.join(", ")
        ))
    })
}

/// That it used more than `most` of a processor.
pub(super) fn too_busy(most: Duration) -> String {
    format!(
        "it has used more than {} s of processor time, where waiting takes none: somebody asks \
         again and again instead of sleeping in the kernel until there is something to do",
        most.as_secs_f64()
    )
}

fn time_is_over(case: &Case) -> String {
    format!("the time limit of {} s is over, and it has not ended:", case.limit.as_secs_f64())
}

fn indented(text: &str, by: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{by}{line}")).collect();
    lines.join("\n")
}
