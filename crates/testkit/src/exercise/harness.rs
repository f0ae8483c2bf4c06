//! Runs the cases one after the other, and says how each went.

use std::io::{self, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::Path;
use std::process::ExitCode;

use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::setsid;

use super::case::{self, Stage, Verdict};
use super::page::Page;
use super::{Case, clear};
use crate::pty;

/// In the process of the harness. Whoever is told to end clears away what runs, and ends.
pub(super) fn run(
    root: &Path,
    cases: &[Case],
    folder: &Path,
    (file, page): (&OwnedFd, &'static Page),
    signals: &SigSet,
) -> io::Result<ExitCode> {
    // A case that kills its parent's group shall not meet whoever has started the tests.
    setsid()?;
    prctl::set_child_subreaper(true)?;
    // The keeper may be killed without having its turn; then this process clears up.
    prctl::set_pdeathsig(Signal::SIGTERM)?;
    let signals = SignalFd::with_flags(signals, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
    let page_path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    let stage = Stage { root, folder, page, page_path: &page_path, signals: &signals };
    let mut cases = cases.iter().enumerate();
    let (mut passed, mut skipped) = (0, 0);
    while let Some((index, case)) = cases.next() {
        let Some(finished) = case::run(case, &stage, index)? else {
            clear::everybody();
            return Ok(ExitCode::FAILURE);
        };
        match finished.verdict {
            Verdict::Passed => {
                say(&format!("ok       {}\n", case.title()));
                passed += 1;
            }
            Verdict::Skipped(why) => {
                say(&format!("SKIPPED  {}: {why}\n", case.title()));
                skipped += 1;
            }
            Verdict::Failed(text) => {
                say(&format!("FAILED   {}\n", case.title()));
                for (_, later) in cases.by_ref() {
                    say(&format!("later    {}\n", later.title()));
                }
                say(&format!("\n{}\n\n{}\n", case.title(), indented(&folded(&text), "  ")));
                let output = indented(&finished.output, "  | ");
                if !output.is_empty() {
                    say(&format!("\n  your program said:\n{output}\n"));
                }
                say("\n");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let rest = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    say(&format!("\nall {passed} pass{rest}\n"));
    Ok(ExitCode::SUCCESS)
}

/// No line for people's eyes is longer, however wide their terminal is.
const WIDTH: usize = 96;

/// For people at a terminal, lines that end between words. Elsewhere lines stay whole.
fn folded(text: &str) -> String {
    let Some(columns) = pty::columns(io::stdout()) else { return text.into() };
    // Two are for the indent.
    let width = columns.saturating_sub(2).min(WIDTH);
    let mut folded = String::new();
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut column = 0;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            let separator = match column {
                0 => indent.to_owned(),
                _ if column + 1 + length > width => format!("\n{indent}"),
                _ => " ".into(),
            };
            column = if separator == " " { column + 1 } else { indent.len() } + length;
            folded.push_str(&separator);
            folded.push_str(word);
        }
        folded.push('\n');
    }
    folded
}

fn indented(text: &str, by: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(|line| format!("{by}{line}")).collect();
    lines.join("\n")
}

/// Without a reader there is nobody to tell.
pub(super) fn say(text: &str) {
    let mut out = io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
