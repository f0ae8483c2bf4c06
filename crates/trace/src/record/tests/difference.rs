//! What a change of a demo looks like in CI.

use super::run::{MONDAY, TUESDAY, sources, step};
use crate::call::{Answer, Value};
use crate::record::{Recording, difference};
use crate::step::{Event, Step};

fn monday() -> Recording {
    Recording { sources: sources(), ..MONDAY.recording() }
}

fn renumber(recording: &mut Recording) {
    for (number, step) in (1..).zip(&mut recording.steps) {
        step.number = number;
    }
}

#[test]
fn runs_of_the_same_demo_do_not_differ() {
    assert_eq!(difference(&MONDAY.recording(), &TUESDAY.recording()), None);
    let mut other = monday();
    other.steps[0].call.as_mut().unwrap().args.push(Value::Null);
    assert_eq!(difference(&monday(), &other), None, "arguments may depend on the machine");
}

#[test]
fn a_new_call_shows_between_its_neighbours() {
    let mut after = monday();
    after.steps.insert(3, step(Event::Enter, "listen", vec![], 18));
    renumber(&mut after);
    let found = difference(&monday(), &after).unwrap();
    assert_eq!((found.before, found.after), (Some(4), Some(4)));
    let expected = "\
the recordings part at step 4 (-, of 11) and step 4 (+, of 12)
     1 P1 calls bind at src/main.rs:12   | line 12;
     2 P1 returns from getsockname at src/main.rs:13   | line 13;
     3 P1 returns from write at src/main.rs:14   | line 14;
+    4 P1 calls listen at src/main.rs:18   | line 18;
     5 P1 returns from fork at src/main.rs:20   | line 20;
     6 P1 returns from accept4 at src/main.rs:22   | line 22;
     7 P1 returns from write at src/main.rs:23   | line 23;
  …
";
    // The last line stands for the rest, which is equal.
    assert_eq!(found.to_string(), expected.trim_end_matches("  …\n"));
    let back = difference(&after, &monday()).unwrap();
    assert!(back.to_string().contains("\n-    4 P1 calls listen at"), "{back}");
}

#[test]
fn task_kind_call_line_and_error_are_compared() {
    type Edit = fn(&mut Step);
    let edits: [Edit; 6] = [
        |step| step.task.thread = 2,
        |step| step.event = Event::Blocked,
        |step| step.call.as_mut().unwrap().name = "listen".into(),
        |step| step.place.stack[0].line += 1,
        |step| step.place.stack.clear(),
        |step| step.event = Event::Return { answer: Answer::Error(111), fault: None },
    ];
    for edit in edits {
        let mut after = monday();
        edit(&mut after.steps[1]);
        let found = difference(&monday(), &after).unwrap();
        assert_eq!((found.before, found.after), (Some(2), Some(2)));
        let text = found.to_string();
        let marked = |mark| text.lines().filter(|line| line.starts_with(mark)).count();
        assert_eq!((marked('-'), marked('+')), (1, 1), "{text}");
    }
    let mut after = monday();
    edits[5](&mut after.steps[1]);
    let text = difference(&monday(), &after).unwrap().to_string();
    assert!(text.contains("returns from getsockname with ECONNREFUSED at"), "{text}");
}

#[test]
fn an_end_that_comes_early_is_a_difference() {
    let mut after = monday();
    after.steps.truncate(9);
    let found = difference(&monday(), &after).unwrap();
    assert_eq!((found.before, found.after), (Some(10), None));
    let text = found.to_string();
    assert!(
        text.starts_with("the recordings part at step 10 (-, of 11) and the end (+, of 9)\n  …\n"),
        "{text}"
    );
    assert!(
        text.ends_with("-   10 P2 ends with code 3\n-   11 P1 gets SIGCHLD: ignored\n"),
        "{text}"
    );
    let empty = Recording::default();
    assert!(difference(&empty, &empty).is_none());
    assert_eq!(difference(&empty, &monday()).unwrap().after, Some(1));
}

#[test]
fn a_long_difference_is_cut() {
    let mut after = monday();
    after.steps = (0..500).map(|_| step(Event::Enter, "poll", vec![], 1)).collect();
    let text = difference(&monday(), &after).unwrap().to_string();
    assert_eq!(text.lines().count(), 82);
    assert!(text.ends_with("… and 431 more lines\n"), "{text}");
}
