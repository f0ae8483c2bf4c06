//! Loops: what is done again and again is told as one step, and what somebody waits for is told.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::Write as _;
use std::io::pipe;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use common::{brief, options, output, steps, steps_of};
use trace::{Event, Object, State, Step, Tracer};

fn again(steps: &[Step]) -> Vec<(usize, u32, u32)> {
    let again = steps.iter().enumerate().filter_map(|(at, step)| match step.event {
        Event::Again { steps, times } => Some((at, steps, times)),
        _ => None,
    });
    again.collect()
}

/// Bytes in the pipe that is written to, behind each step.
fn queued(steps: &[Step]) -> Vec<u64> {
    let mut state = State::default();
    let mut queued = |step: &Step| {
        step.changes.iter().for_each(|change| state.apply(change));
        let descriptors = state.processes.values().flat_map(|process| &process.descriptors);
        // The standard ones are pipes of the tracer's.
        let mut objects = descriptors.filter(|(fd, _)| **fd > 2).map(|(_, it)| &it.object);
        objects.find_map(|object| match object {
            Object::Pipe { writes: true, queued, .. } => *queued,
            _ => None,
        })
    };
    steps.iter().map(|step| queued(step).unwrap_or(0)).collect()
}

#[test]
fn the_rounds_between_are_told_as_one_with_what_they_have_changed() {
    needs_ptrace!();
    let steps = steps_of(Tracer::start(options("fill").state(true)).unwrap());
    let [(at, 2, times)] = again(&steps)[..] else { panic!("{:?}", again(&steps)) };
    let queued = queued(&steps);
    let rounds = u64::from(times);
    assert_eq!(queued[at - 1] + rounds, queued[at], "what the rounds have written");
    assert_eq!(queued[at], 99, "and the last round writes one more");
    assert_eq!(brief(&steps[at + 1]), "P1 write(");
    assert_eq!(brief(&steps[at + 2]), "P1 write)");
    assert!(queued.contains(&100));
    assert_eq!(steps[at].number - steps[at - 1].number, 2 * times);
    assert_eq!(steps[at + 1].number, steps[at].number + 1);
}

#[test]
fn all_rounds_are_told_on_demand() {
    needs_ptrace!();
    let some = steps("fill");
    let all = steps_of(Tracer::start(options("fill").whole(true)).unwrap());
    assert_eq!(again(&all), []);
    let writes = all.iter().filter(|step| brief(step) == "P1 write)").count();
    // The last one says that it is full.
    assert_eq!(writes, 101);
    assert_eq!(all.last().unwrap().number, some.last().unwrap().number);
    assert!(some.len() < all.len());
    assert_eq!(output(&some), output(&all));
}

/// A program that serves the world outside, and what is told of it while it does.
struct Served {
    client: std::io::PipeWriter,
    told: mpsc::Receiver<Step>,
    steps: Vec<Step>,
}

impl Served {
    fn new() -> Self {
        let (input, client) = pipe().unwrap();
        let (tells, told) = mpsc::channel();
        thread::spawn(move || {
            let options = options("serve").patience(Duration::from_mins(1));
            let mut tracer = Tracer::start(options.input(input.into())).unwrap();
            while let Ok(Some(step)) = tracer.step() {
                if tells.send(step).is_err() {
                    return;
                }
            }
        });
        Self { client, told, steps: Vec::new() }
    }

    /// Waits until this is told.
    fn until(&mut self, what: &str) {
        loop {
            let step = self.told.recv_timeout(testkit::LIMIT).unwrap();
            let brief = brief(&step);
            self.steps.push(step);
            if brief == what {
                return;
            }
        }
    }
}

/// However often a person does the same thing: what comes of it is seen before he does it again.
#[test]
fn what_is_waited_for_from_outside_is_told_when_it_happens() {
    needs_ptrace!();
    let mut served = Served::new();
    for _ in 0..45 {
        served.until("P1 poll sleeps");
        served.client.write_all(&[7]).unwrap();
        served.until("P1 read)");
    }
    assert_eq!(again(&served.steps), [], "no round was left out");
}

/// What comes all at once is told as one, but not kept until the next one comes.
#[test]
fn what_was_withheld_is_told_when_it_becomes_quiet() {
    needs_ptrace!();
    let mut served = Served::new();
    served.until("P1 poll sleeps");
    served.client.write_all(&[7; 200]).unwrap();
    served.until("P1 4 again");
    served.until("P1 read)");
    served.until("P1 poll sleeps");
}
