//! What is made of the steps: how everything is after each of them.

use trace::{Event, Place, Stream, Task, Value};

use super::super::*;
use crate::fixture::{self, P1, Script, call, server, story};

fn nothing() -> Place {
    fixture::at("accept", None)
}

#[test]
fn every_moment_can_be_asked_for_and_is_what_it_was() {
    // Longer than what is kept between two whole worlds.
    let steps: Vec<_> = std::iter::repeat_with(server).take(20).flatten().collect();
    assert!(steps.len() > 300);
    let story = story(steps.clone());
    let mut world = World::default();
    let mut done = 0;
    for row in story.rows() {
        let same = |other: &World| {
            assert_eq!(world.state, other.state, "{row:?}");
            assert_eq!(format!("{:?}", world.lanes), format!("{:?}", other.lanes), "{row:?}");
        };
        same(&story.world_before(row));
        for step in &steps[row.steps.clone()] {
            world.apply(step);
            done += 1;
        }
        assert_eq!(done, row.steps.end);
        assert_eq!(world.state, story.world_after(row).state, "{row:?}");
    }
}

#[test]
fn lanes_say_what_everybody_does() {
    let story = story(server());
    let lanes = |number| -> Vec<String> {
        let world = story.world_after(&story.rows()[story.row_of(number).unwrap()]);
        let lane = |(&task, lane): (&Task, &Lane)| {
            let words = [lane.word(task, &world).into(), lane.at(), lane.details(task, &world)];
            format!("{task} {}", words.join(" ").trim_end())
        };
        world.lanes.iter().map(lane).collect()
    };
    assert_eq!(lanes(2), ["P1 running server.rs:11"]);
    assert_eq!(lanes(9), ["P1 calls server.rs:12 in clone(CLONE_CHILD_CLEARTID|SIGCHLD)"]);
    let asleep = "P1 asleep server.rs:16 in accept4(3, …, SOCK_CLOEXEC)";
    assert_eq!(lanes(15), [asleep, "P2 running server.rs:24"]);
    assert_eq!(lanes(21), ["P1 running server.rs:16", "P2 zombie server.rs:25 with status 0"]);
    let ended = "server.rs:25 with status 0, waited for";
    assert_eq!(lanes(27)[1], format!("P2 ended {ended}"));
}

#[test]
fn a_process_that_is_stopped_says_so_until_it_goes_on() {
    use trace::Effect::Continues;
    let mut script = Script::default();
    script.sleeps(P1, call("read", vec![]), &nothing());
    script.add(P1, Event::Stopped { signal: 20 }, None, Place::default());
    let signal = Event::Signal { signal: 18, sender: None, effect: Continues };
    script.add(P1, signal, None, Place::default());
    let story = story(script.steps);
    let words = story.rows().iter().map(|row| {
        let world = story.world_after(row);
        let lane = &world.lanes[&P1];
        format!("{} {}", lane.word(P1, &world), lane.details(P1, &world))
    });
    assert_eq!(
        words.collect::<Vec<_>>(),
        ["asleep in read()", "stopped by SIGTSTP", "asleep in read()"]
    );
}

#[test]
fn what_was_said_is_there_in_both_directions() {
    let mut script = Script::default();
    let say = |script: &mut Script, stream, text: &str| {
        let step = script.whole(P1, call("write", vec![]), &nothing(), Value::Int(0));
        step.output = Some(trace::Output { stream, text: text.into() });
    };
    say(&mut script, Stream::Out, "one\ntw");
    say(&mut script, Stream::Err, "oops\n");
    say(&mut script, Stream::Out, "o\n");
    say(&mut script, Stream::Out, "three\nfour\n");
    let story = story(script.steps);
    let lines = |row: usize, count| {
        let said = story.said(&story.rows()[row]).lines(count);
        said.into_iter().map(|(_, line)| line.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines(0, 9), ["one", "tw"]);
    assert_eq!(lines(3, 9), ["one", "tw", "oops", "o", "three", "four"]);
    assert_eq!(lines(3, 2), ["three", "four"]);
    assert_eq!(lines(1, 2), ["tw", "oops"]);
    assert_eq!(story.says(&story.rows()[2]).lines(9), [(Stream::Out, "o")]);
}

#[test]
fn the_kernel_is_marked_where_it_is_different() {
    let story = story(server());
    let marked = |number| -> Vec<String> {
        let row = &story.rows()[story.row_of(number).unwrap()];
        let facts =
            facts(&story.world_before(row), &story.world_after(row), Some(story.last(row).task));
        let marked = facts.iter().filter(|fact| fact.mark != Mark::Same);
        marked.map(|fact| format!("{} {}", fact.mark.letter(), fact.text)).collect()
    };
    assert_eq!(marked(2), ["+ P1 (100) demo: R ready", "+ fd 3  tcp CLOSE"]);
    assert_eq!(
        marked(10),
        ["+ P2 (200) demo: R ready, child of P1"],
        "what is inherited is no news"
    );
    assert_eq!(marked(13), [""; 0], "who sleeps is what the lanes show");
    assert_eq!(marked(21), ["* P2 (200) demo: Z zombie, child of P1"]);
    assert_eq!(marked(27), ["- P1 demo: gone", "- P2 demo: gone"]);
}
