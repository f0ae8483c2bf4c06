//! The same three tasks in Python, if there is one.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::Command;

use cli::Outcome;

use crate::rows::{Row, TASKS};

/// Smaller tasks: only ratios are compared, and the interpreter takes longer for each division.
const SCRIPT: &str = include_str!("tasks.py");

/// Ratios to Line in the order of the table; `Err` is the reason why there are none.
pub(crate) struct Python {
    pub(crate) about: String,
    pub(crate) ratios: Vec<[f64; 3]>,
}

pub(crate) fn measure(size: u32) -> Result<Python, String> {
    // Isolated (-I): neither the current directory nor variables of the environment change it.
    let done = Command::new("python3")
        .args(["-I", "-c", SCRIPT, &TASKS.to_string(), &size.to_string()])
        .output()
        .map_err(|error| format!("python3 does not start: {error}"))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let last = said.lines().last().unwrap_or("it said nothing");
        return Err(format!("python3 failed, {}: {last}", done.status));
    }
    let text = String::from_utf8_lossy(&done.stdout);
    parse(&text).ok_or_else(|| format!("python3 said something else: {}", text.trim()))
}

/// A line about itself, then "Line cpu 0.123".
fn parse(text: &str) -> Option<Python> {
    let (about, rest) = text.split_once('\n')?;
    let mut times = BTreeMap::new();
    for line in rest.lines() {
        let (name, seconds) = line.rsplit_once(' ')?;
        times.insert(name.to_owned(), seconds.parse::<f64>().ok()?);
    }
    let of = |row: Row, task| times.get(&format!("{} {task}", row.name())).copied();
    let ratio = |row, task| Some(of(Row::Line, task)? / of(row, task)?);
    let ratios = Row::ALL
        .iter()
        .map(|&row| Some([ratio(row, "cpu")?, ratio(row, "IO")?, ratio(row, "wait")?]));
    Some(Python { about: about.into(), ratios: ratios.collect::<Option<_>>()? })
}

pub(crate) fn show(python: Result<Python, String>) -> Outcome {
    let mut out = io::stdout();
    match python {
        Err(reason) => writeln!(out, "no row from Python: {reason}")?,
        Ok(python) => {
            writeln!(out, "{}, speed-up over its own Line", python.about)?;
            for (row, [cpu, io, wait]) in Row::ALL.iter().zip(python.ratios) {
                writeln!(out, "{:<9}{cpu:>13.2} ×{io:>13.2} ×{wait:>13.2} ×", row.name())?;
            }
        }
    }
    Ok(())
}
