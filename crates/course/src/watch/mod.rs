//! `cargo course watch`: a verdict each time the source is saved.
//!
//! One loop waits for all there is: a save, a key, a signal, the end of a check. A check is this
//! program again (`check NAME --brief`), in a process group of its own; a save while it runs stops
//! the whole group first.

mod keys;
mod ready;
mod saves;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Command, ExitCode, Stdio};

use cli::Outcome;
use process::Exit;

use self::keys::{Key, Keys};
use self::saves::Saves;
use crate::course::Course;
use crate::job::Job;
use crate::plan::{self, Step};
use crate::stops::Stops;
use crate::style::Style;
use crate::{help, progress, start, workspace};

struct Watch {
    course: Course,
    style: Style,
    /// The name of the exercise that is checked.
    current: String,
    job: Option<Job>,
    saves: Saves,
    keys: Option<Keys>,
}

/// Watches until somebody has had enough.
pub(crate) fn watch(name: Option<&str>, style: &Style) -> Outcome<ExitCode> {
    let course = Course::read()?;
    let current = course.meant(name)?.name.clone();
    if !course.exercises.iter().any(|e| e.name == current && course.work.has(e)) {
        let start = format!("cargo course start {current}");
        return Err(format!("{current} is not started (try: {start})").into());
    }
    let stops = Stops::new()?;
    let saves = Saves::of(&course)?;
    let mut watch =
        Watch { course, style: *style, current, job: None, saves, keys: Keys::of_stdin() };
    watch.check()?;
    watch.until_the_end(&stops)
}

impl Watch {
    fn until_the_end(&mut self, stops: &Stops) -> Outcome<ExitCode> {
        loop {
            let ready = ready::wait(stops, &self.saves, self.job.as_ref(), self.keys.as_ref())?;
            if let Some(stopped) = stops.stopped()? {
                // Dropping the job on the way out ends what runs.
                return Ok(ExitCode::from(stopped.code()));
            }
            if ready.woken {
                self.keys.iter().for_each(Keys::take);
            }
            if ready.saved {
                ready::settle(&self.saves)?;
            }
            if let Some(saved) = self.saves.saved(&self.course, &self.current) {
                self.current = saved;
                self.check()?;
            } else if ready.ended {
                self.verdict()?;
            }
            let pressed = self.keys.as_ref().filter(|_| ready.key).and_then(Keys::pressed);
            match pressed {
                None => {}
                Some(Key::Quit) => return Ok(ExitCode::SUCCESS),
                Some(Key::Again) => self.check()?,
                Some(Key::Hint) => self.hint()?,
                Some(Key::Next) => self.next()?,
            }
        }
    }

    /// Begins a check; one that runs is stopped, with all that it has started.
    fn check(&mut self) -> Outcome {
        if let Some(job) = self.job.take() {
            job.stop();
        }
        let Style { dim, reset, .. } = self.style;
        let clear =
            if io::stdout().is_terminal() && !reset.is_empty() { "\x1b[H\x1b[2J" } else { "" };
        say(&format!("{clear}{dim}checking {}{reset}\n\n", self.current))?;
        // As it was started, even if a newer one has been built since.
        let mut check = Command::new("/proc/self/exe");
        check.args(["check", &self.current, "--brief"]).stdin(Stdio::null());
        let job = Job::start(&mut check).map_err(|e| format!("a check cannot be started: {e}"))?;
        self.job = Some(job);
        Ok(())
    }

    /// A check has ended and has said what it found: what to do now?
    fn verdict(&mut self) -> Outcome {
        let Some(mut job) = self.job.take() else { return Ok(()) };
        let Some(exit) = job.ended()? else {
            self.job = Some(job);
            return Ok(());
        };
        let passed = exit == Exit::Code(0);
        self.course.done = progress::done(&self.course.root);
        let next = if passed { self.after()? } else { String::new() };
        let Style { dim, reset, .. } = self.style;
        let keys = match (&self.keys, passed) {
            (None, _) => "waiting for the next save; Ctrl-C ends",
            (Some(_), true) => "n next, Enter again, q quit",
            (Some(_), false) => "waiting for the next save; h hint, n next, Enter again, q quit",
        };
        say(&format!("{next}\n{dim}{keys}{reset}\n"))
    }

    /// What comes behind an exercise that has passed.
    fn after(&self) -> Outcome<String> {
        let demos = workspace::demos()?;
        let steps = plan::all(&demos, &self.course.exercises);
        let next = steps.iter().find(|step| !step.is_over(&self.course.done));
        Ok(match next {
            None => "That was the last one of all.\n".into(),
            Some(Step::Exercise(exercise)) => format!("Next: {}\n", exercise.name),
            Some(step) => format!("Next, in another terminal: {}\n", step.command()),
        })
    }

    fn hint(&mut self) -> Outcome {
        let hint = help::hint(Some(&self.current), &self.style);
        say(&hint.unwrap_or_else(|error| format!("{error}\n")))
    }

    fn next(&mut self) -> Outcome {
        let now = self.course.exercises.iter().find(|exercise| exercise.name == self.current);
        let Some(next) = now.and_then(|now| self.course.after(now)) else {
            return say("There is no other exercise that has not passed.\n");
        };
        match start::one(&self.course, next, &self.style) {
            Err(error) => say(&format!("{error}\n")),
            Ok(text) => {
                self.current.clone_from(&next.name);
                // What it says shall stay in view: the check comes with the first save.
                if let Some(job) = self.job.take() {
                    job.stop();
                }
                self.saves.saved(&self.course, &self.current);
                say(&format!("\n{text}"))
            }
        }
    }
}

fn say(text: &str) -> Outcome {
    let mut stdout = io::stdout();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}
