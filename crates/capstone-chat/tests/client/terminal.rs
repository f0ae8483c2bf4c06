//! The client at a terminal, key by key, and what the screen shows.

use crate::screen::Screen;
use crate::table::{Table, at_a_table};

#[test]
fn a_line_that_is_typed_is_never_torn() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("hel");
    table.shows(&["您已进入聊天室", "发言:hel"]);
    table.server.says("\nbob 说:one");
    table.shows(&["您已进入聊天室", "bob 说:one", "发言:hel"]);
    table.press("lo");
    table.server.says("\nbob 说:two");
    table.shows(&["bob 说:one", "bob 说:two", "发言:hello"]);
    table.press("\r");
    table.server.hears("C ann hello");
    table.shows(&["bob 说:two", "发言:hello", "发言:"]);
    table.press("quit\r");
    table.ends();
}

#[test]
fn a_flood_of_arrivals_tears_nothing_and_keeps_its_order() {
    let mut table = at_a_table!(Table::inside(40));
    let mut wanted = Vec::new();
    for n in 0..20 {
        // A line of two rows, with others' words between its keys and around its Enter.
        let line = format!("line {n} {}", "中文".repeat(10));
        for (at, key) in line.chars().enumerate() {
            if at % 4 == 0 {
                table.server.says(format!("\nbob 说:{n}.{at}"));
                wanted.push(format!("bob 说:{n}.{at}"));
            }
            table.press(&key.to_string());
        }
        table.press("\r");
        table.server.hears(&format!("C ann {line}"));
    }
    table.server.says("\nbob 说:the last");
    table.pty.fits("the last of the flood", |written| written.contains("bob 说:the last"));
    table.pty.fits("all rows whole and in their order", |written| {
        let shown = Screen::rows(40, written);
        let bob: Vec<&String> = shown.iter().filter(|row| row.contains("bob")).collect();
        let lines = shown.join("");
        bob.len() == wanted.len() + 1
            && bob.iter().zip(&wanted).all(|(shown, wanted)| *shown == wanted)
            && (0..20).all(|n| lines.contains(&format!("发言:line {n} {}", "中文".repeat(10))))
            && shown.last().is_some_and(|row| row == "发言:")
    });
    table.press("quit\r");
    table.ends();
}

#[test]
fn wide_characters_are_edited_by_their_width() {
    let mut table = at_a_table!(Table::inside(20));
    // Twenty columns: 发言: and then seven wide characters, and half a cell is left over.
    table.press("一二三四五六七八");
    table.shows(&["发言:一二三四五六七", "八"]);
    table.server.says("\nbob 说:你好");
    table.shows(&["bob 说:你好", "发言:一二三四五六七", "八"]);
    table.press("\x7f\x7f");
    table.shows(&["bob 说:你好", "发言:一二三四五六"]);
    // Back by two, and one in between.
    table.press("\x1b[D\x1b[D🙂\r");
    table.server.hears("C ann 一二三四🙂五六");
    table.shows(&["发言:一二三四🙂五六", "发言:"]);
    table.press("\x04");
    table.ends();
}

#[test]
fn a_window_may_change_its_size() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("short");
    table.shows(&["发言:short"]);
    table.pty.resize(24, 10).unwrap();
    table.columns = 24;
    table.press(" and then a line of more rows");
    table.shows(&["发言:short and then a li", "ne of more rows"]);
    table.server.says("\nbob 说:hello");
    table.shows(&["bob 说:hello", "发言:short and then a li", "ne of more rows"]);
    table.press("\r");
    table.server.hears("C ann short and then a line of more rows");
    table.press("quit\r");
    table.ends();
}

#[test]
fn ctrl_c_leaves_the_room() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("half a li\x03");
    table.ends();
}

#[test]
fn ctrl_d_leaves_the_room_but_not_in_the_middle_of_a_line() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("abc\x1b[D\x04\r");
    table.server.hears("C ann ab");
    table.press("\x04");
    table.ends();
}

#[test]
fn nobody_has_to_enter() {
    for key in ["\x03", "\x04"] {
        let mut table = at_a_table!(Table::new(80));
        table.press(key);
        table.client.wait().succeeded();
        assert!(table.pty.echoes().unwrap(), "the terminal was not put back");
    }
}

#[test]
fn ctrl_c_is_heard_while_an_answer_is_waited_for() {
    let mut table = at_a_table!(Table::new(80));
    table.press("ann\r");
    table.server.hears("L ann");
    table.press("\x03");
    table.client.wait().succeeded();
    assert!(table.pty.echoes().unwrap(), "the terminal was not put back");
}

#[test]
fn a_refused_name_is_asked_for_again() {
    let mut table = at_a_table!(Table::new(80));
    table.press("bob\r");
    table.server.hears("L bob");
    table.server.says("该用户已存在");
    table.shows(&["请输入姓名:bob", "该用户已存在", "请输入姓名:"]);
    table.press("ann\r");
    table.server.lets_in("ann");
    table.shows(&["请输入姓名:ann", "您已进入聊天室", "发言:"]);
    table.press("quit\r");
    table.ends();
}

#[test]
fn the_history_is_behind_the_arrow_keys() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("one\rtwo\r");
    table.server.hears("C ann one");
    table.server.hears("C ann two");
    table.press("\x1b[A\x1b[A");
    table.shows(&["发言:two", "发言:one"]);
    table.press("\x1b[B\x1b[A!\r");
    table.server.hears("C ann one!");
    table.press("\x04");
    table.ends();
}

/// What others send cannot move the cursor, and our own words neither.
#[test]
fn escape_sequences_are_shown_and_not_obeyed() {
    let mut table = at_a_table!(Table::inside(80));
    table.server.says("\nbob 说:\x1b[2J\x1b]0;title\x07\r管理员 说:forged\n管理员 说:too");
    table.shows(&["bob 说:␛[2J␛]0;title␇␍管理员 说:forged␊管理员 说:too", "发言:"]);
    table.press("quit\r");
    table.ends();
}
