//! Recordings as files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;

use cli::Outcome;
use trace::{End, Event, Recording, Step, Surroundings, signal_name};

use crate::feed::Plan;
use crate::lens::Story;
use crate::program;
use crate::source::Sources;

/// Writes what has happened so far, with everything renamed that is different in every run.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(file: &Path, plan: &Plan, story: Story) -> Outcome {
    let tasks = story.tasks();
    let args = plan.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let program = plan.program.display().to_string();
    let mut recording = Recording::new(program, args, story.into_steps());
    recording.gather_sources(&plan.roots);
    recording.normalise(&Surroundings { tasks, folders: folders(plan) });
    recording.fold();
    let failed = |e| format!("{}: {e}", file.display());
    let mut to = BufWriter::new(File::create(file).map_err(failed)?);
    recording.write(&mut to).and_then(|()| to.flush()).map_err(failed)?;
    Ok(())
}

fn folders(plan: &Plan) -> Vec<(String, String)> {
    let mut folders = BTreeMap::new();
    let mut add = |folder: &Path, name: &str| {
        if let Ok(folder) = std::fs::canonicalize(folder)
            && folder.parent().is_some()
        {
            folders.entry(folder.to_string_lossy().into_owned()).or_insert_with(|| name.into());
        }
    };
    add(program::workspace(), ".");
    add(&std::env::temp_dir(), "/tmp");
    if let Some(folder) = plan.program.parent() {
        add(folder, "target/debug");
    }
    folders.into_iter().collect()
}

/// Its title, its steps and its sources.
///
/// # Errors
/// One sentence: it cannot be read, or it is no recording.
pub(crate) fn read(file: &Path) -> Outcome<(String, Vec<Step>, Sources)> {
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let from = BufReader::new(File::open(file).map_err(|e| failed(&e))?);
    let recording = Recording::read(from).map_err(|e| failed(&e))?;
    let name = recording.program.rsplit('/').next().unwrap_or_default().to_owned();
    let title = std::iter::once(name).chain(recording.arguments).collect::<Vec<_>>().join(" ");
    let sources = recording.sources.into_iter().map(|(file, lines)| (file, lines.join("\n")));
    Ok((crate::lens::clean(&title), recording.steps, Sources::recorded(sources)))
}

/// How the program has ended, as far as its steps tell.
pub(crate) fn end(steps: &[Step]) -> String {
    let first = steps.iter().rev().find_map(|step| match step.event {
        Event::Ended(end) if end != End::Thread && step.task.process == 1 => Some(end),
        _ => None,
    });
    told(first)
}

/// How a program has ended, in words.
pub(crate) fn told(end: Option<End>) -> String {
    match end {
        Some(End::Code(code)) => format!("ended with status {code}"),
        Some(End::Signal(signal)) => format!("killed by {}", signal_name(signal)),
        Some(End::Thread) | None => "this is all that was recorded".into(),
    }
}

/// The exit status of a shell: the program's own, or 128 and the number of a signal.
pub(crate) fn status(end: Option<End>) -> u8 {
    let code = match end {
        Some(End::Code(code)) => code,
        Some(End::Signal(signal)) => 128 + signal,
        Some(End::Thread) | None => 1,
    };
    u8::try_from(code).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::server;
    use crate::text::{Printer, Tell};

    /// Whatever is read as a recording is shown without a panic.
    #[test]
    fn a_damaged_recording_is_shown_or_refused() {
        let mut text = Vec::new();
        Recording::new("demo", vec![], server()).write(&mut text).unwrap();
        let (mut seed, mut shown) = (1_u64, 0);
        for at in 0..text.len() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut other = text.clone();
            other[at] = b"0123456789\"P-x"[usize::from(seed.to_be_bytes()[0]) % 14];
            let Ok(recording) = Recording::read(&other[..]) else { continue };
            let story = crate::fixture::story(recording.steps);
            let mut printer = Printer::new(Vec::new(), Tell { state: true, narration: true });
            printer.print(&story, &Sources::default(), true).unwrap();
            shown += 1;
        }
        assert!(shown > 100, "{shown}");
    }
}
