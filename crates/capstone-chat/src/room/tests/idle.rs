//! Members who are silent, on a clock that the test moves.

use std::time::Duration;

use super::{Event, Limits, Scene};

#[test]
fn the_silent_are_shown_out_when_that_is_asked_for() {
    let second = Duration::from_secs(1);
    let mut scene = Scene::new(Limits { idle: Some(10 * second), ..Limits::default() });
    assert_eq!(scene.room.next_eviction(), None);
    let start = scene.now;
    scene.get(1, "L ann");
    scene.now += 3 * second;
    scene.get(2, "L bob");
    scene.get(3, "L cat");
    scene.now += 4 * second;
    scene.get(1, "C ann hi");
    scene.get(2, "L bob");
    // What is said under somebody's name from elsewhere keeps nobody here.
    scene.get(4, "C cat hi");
    scene.get(3, "C bob hi");
    scene.post();

    assert_eq!(scene.room.next_eviction(), Some(start + 10 * second));
    assert_eq!(scene.room.evict(start + 10 * second), 0);
    assert_eq!(scene.room.next_eviction(), Some(start + 13 * second));
    assert_eq!(scene.room.evict(start + 13 * second), 1);
    scene.posts(&[(3, "EXIT"), (1, "\ncat退出了聊天室"), (2, "\ncat退出了聊天室")]);
    assert_eq!(scene.room.evict(start + 17 * second), 2);
    assert_eq!((scene.room.members(), scene.room.next_eviction()), (0, None));
    assert_eq!(scene.room.counters().evicted, 3);
    // They are told, in case that they are there after all, and may come back.
    assert_eq!(scene.post().iter().filter(|(_, text)| text == "EXIT").count(), 2);
    assert_eq!(scene.get(3, "L cat"), Event::Joined);
}

#[test]
fn nobody_is_shown_out_unless_that_is_asked_for() {
    let mut scene = Scene::with(&["ann"]);
    assert_eq!(scene.room.next_eviction(), None);
    assert_eq!(scene.room.evict(scene.now + Duration::from_hours(24 * 365)), 0);
    assert_eq!(scene.room.members(), 1);
}
