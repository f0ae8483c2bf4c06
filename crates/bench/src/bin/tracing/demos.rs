//! Whole demos on the stage: what somebody waits for who looks at it.

use std::io::{BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use bench::{Gate, Summary};
use cli::Outcome;

/// The first step is to be there within so many milliseconds.
const WANTED: u32 = 300;
/// Those that take longest: ten thousand short requests, and two processes that add up.
const LONG: [&str; 2] = ["day08-bench", "day06-shm"];

/// Prints the times. A demo that was not built is left out, aloud.
pub(crate) fn measure(
    out: &mut impl Write,
    gate: &mut Gate,
    repetitions: u32,
    whole: bool,
) -> Outcome {
    writeln!(out)?;
    let first = "day01-tcp-echo";
    if is_built(out, &["stage", first])? {
        let mut times = Vec::new();
        for _ in 0..repetitions {
            gate.wait();
            times.push(first_step(first)? * 1e3);
        }
        let Summary { min, p50, .. } = Summary::of(times);
        writeln!(out, "first step of {first}: min {min:.0} ms, p50 {p50:.0} ms; wanted: {WANTED}")?;
    }
    for demo in LONG.into_iter().filter(|_| whole) {
        if is_built(out, &["stage", demo])? {
            gate.wait();
            let alone = seconds(Command::new(built(demo)))?;
            let mut stage = Command::new(built("stage"));
            stage.args(["--record", "/dev/null", demo]);
            let staged = seconds(stage)?;
            writeln!(out, "{demo}, whole: {staged:.1} s on the stage, {alone:.1} s alone")?;
        }
    }
    Ok(())
}

/// Beside this program.
fn built(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.parent().unwrap_or(Path::new(".")).join(name)
}

fn is_built(out: &mut impl Write, names: &[&str]) -> Outcome<bool> {
    let missing = names.iter().find(|name| !built(name).is_file());
    if let Some(name) = missing {
        writeln!(out, "SKIPPED {}: cargo build -p {name}", names.join(" "))?;
    }
    Ok(missing.is_none())
}

/// Seconds until the first line of the stage can be read.
fn first_step(demo: &str) -> Outcome<f64> {
    let start = Instant::now();
    let mut stage = Command::new(built("stage"));
    let stage = stage.args(["--text", demo]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = stage.spawn()?;
    let mut line = String::new();
    if let Some(from) = child.stdout.take() {
        BufReader::new(from).read_line(&mut line)?;
    }
    let took = start.elapsed().as_secs_f64();
    // It ends at once, and its program with it; that there is no reader any more is no failure.
    child.wait()?;
    if line.is_empty() { Err("the stage has said nothing".into()) } else { Ok(took) }
}

fn seconds(mut command: Command) -> Outcome<f64> {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    let took = start.elapsed().as_secs_f64();
    if status.success() { Ok(took) } else { Err(format!("{status}").into()) }
}
