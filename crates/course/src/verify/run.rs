//! One program of tests, run as often as it takes, and what is to be said against it.

use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use process::Exit;

use super::variant::{Kind, Variant};
use crate::job::Job;

/// How often a solution has to pass.
pub(super) const TIMES: usize = 10;
/// The tests end themselves long before.
const LIMIT: Duration = Duration::from_mins(3);
/// So much of what they say is looked at.
const OUTPUT: usize = 1 << 20;
/// How often somebody who waits looks whether all of it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// How it ended and what it said.
struct Ended {
    passed: bool,
    how: String,
    output: String,
}

/// Runs the tests of a variant: what is wrong with how they come out.
///
/// # Errors
/// The complaint.
pub(super) fn judge(variant: &Variant, tests: &Path, stop: &AtomicBool) -> Result<(), String> {
    let file = variant.file();
    let times = if variant.kind == Kind::Solution { TIMES } else { 1 };
    for time in 1..=times {
        let Ended { passed, how, output } =
            once(tests, stop).map_err(|error| format!("{file} cannot be tried: {error}"))?;
        let tail = || indented(&output);
        match &variant.kind {
            Kind::Solution if passed => {}
            Kind::Solution => {
                return Err(format!("{file} {how} at the {time}. time of {TIMES}:\n{}", tail()));
            }
            _ if passed => return Err(format!("{file} passes, and must not:\n{}", tail())),
            Kind::Trap(_, expect) => {
                if let Some(words) = expect.iter().find(|words| !output.contains(*words)) {
                    return Err(format!("{file} {how}, without the words '{words}':\n{}", tail()));
                }
            }
            Kind::Starter | Kind::Constant | Kind::Other(_) => {}
        }
    }
    Ok(())
}

fn once(tests: &Path, stop: &AtomicBool) -> io::Result<Ended> {
    let (mut reader, writer) = io::pipe()?;
    let mut command = Command::new(tests);
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let job = Job::start(&mut command);
    // Its own copies of the pipe's end go with it: without that there would be no end.
    drop(command);
    let mut job = job?;
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut bytes = [0; 8192];
        while let Ok(n @ 1..) = reader.read(&mut bytes) {
            let room = OUTPUT.saturating_sub(kept.len());
            kept.extend_from_slice(&bytes[..n.min(room)]);
        }
        // Nobody waits for it any more: it came too late.
        let _ = send.send(kept);
    });
    let begin = Instant::now();
    while !job.wait(LOOK) {
        if begin.elapsed() > LIMIT || stop.load(Ordering::Relaxed) {
            job.stop();
            return Err(io::Error::other(format!("it did not end within {} s", LIMIT.as_secs())));
        }
    }
    let exit = job.ended()?.unwrap_or(Exit::Lost);
    let Ok(output) = receive.recv_timeout(Duration::from_secs(5)) else {
        let left = "something that the tests have started has outlived them, and can still write";
        return Err(io::Error::other(left));
    };
    let how = match exit {
        Exit::Code(0) => "passes".into(),
        Exit::Code(_) => "fails".into(),
        other => format!("ends with {other:?}"),
    };
    let output = String::from_utf8_lossy(&output).into_owned();
    Ok(Ended { passed: exit.success(), how, output })
}

/// The last lines, set off from what is said about them.
pub(super) fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(40));
    last.map(|line| format!("      | {line}")).collect::<Vec<_>>().join("\n")
}
