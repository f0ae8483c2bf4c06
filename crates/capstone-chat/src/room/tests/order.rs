//! What is sent when, and what goes together.

use super::Scene;

/// Many datagrams may come before anything is sent: everybody gets what was said while he was here,
/// in its order, and neither his own words nor anything after his EXIT.
#[test]
fn what_waits_together_stays_in_order() {
    let mut scene = Scene::with(&["ann", "bob"]);
    for (from, datagram) in [
        (1, "C ann 1"),
        (2, "C bob 2"),
        (3, "L cat"),
        (1, "C ann 3"),
        (2, "Q bob"),
        (2, "L bob"),
        (1, "C ann 4"),
    ] {
        scene.get(from, datagram);
    }
    let all = scene.post();
    let of = |port| -> Vec<&str> {
        all.iter().filter(|(to, _)| *to == port).map(|(_, text)| text.as_str()).collect()
    };
    let cat = "\n欢迎 cat 进入聊天室";
    let (gone, back) = ("\nbob退出了聊天室", "\n欢迎 bob 进入聊天室");
    let (one, three, four) = ("\nann 说:1", "\nann 说:3", "\nann 说:4");
    assert_eq!(of(1), ["\nbob 说:2", cat, gone, back]);
    assert_eq!(of(2), [one, cat, three, "EXIT", "OK", four]);
    assert_eq!(of(3), ["OK", three, gone, back, four]);
    let first_of_cat = all.iter().position(|(_, text)| text == cat);
    assert!(all.iter().position(|mail| *mail == (3, "OK".into())) < first_of_cat);
}

#[test]
fn messages_of_one_size_go_as_one() {
    let mut scene = Scene::with(&["ann", "bob", "cat"]);
    for text in ["11", "22", "3", "4", "55"] {
        scene.get(1, format!("C ann {text}"));
    }
    scene.get(2, "C bob 66");
    let mut lengths = Vec::new();
    scene.room.deliver(|delivery| {
        assert!(delivery.messages().all(|message| message.len() <= delivery.size));
        lengths.push((delivery.to.port(), delivery.messages().len()));
    });
    // 11, 22 and the shorter 3, which ends the row; 4; 55 and 66, without one's own.
    let rows = [(2, 3), (3, 3), (2, 1), (3, 1), (1, 1), (2, 1), (3, 2)];
    assert_eq!(lengths, rows);
}

#[test]
fn a_row_has_as_many_segments_as_the_kernel_takes() {
    let mut scene = Scene::with(&["ann", "bob"]);
    for n in 0..150 {
        scene.get(1, format!("C ann {n:03}"));
    }
    let mut lengths = Vec::new();
    scene.room.deliver(|delivery| lengths.push(delivery.messages().len()));
    assert_eq!(lengths, [64, 64, 22]);
    assert_eq!(scene.post().len(), 150);
    for _ in 0..64 {
        scene.get(1, format!("C ann {}", "x".repeat(1900)));
    }
    scene.room.deliver(|delivery| assert!(delivery.bytes.len() <= 60_000));
    assert_eq!(scene.post().len(), 64);
}
