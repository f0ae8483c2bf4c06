//! More at once than anybody types.

use crate::table::{Table, at_a_table};

fn hundred() -> Vec<String> {
    (0..100).map(|n| format!("line {n} 行")).collect()
}

impl Table {
    #[track_caller]
    fn hears_all(&mut self, lines: &[String]) {
        for line in lines {
            self.server.hears(&format!("C ann {line}"));
        }
    }

    /// Pastes a line of so many KiB, bit by bit, as a terminal takes it.
    fn pour(&mut self, kib: usize) {
        for n in 0..kib {
            let mark = format!("<{n}>");
            self.press(&format!("{}{mark}", "x".repeat(1024 - mark.len())));
            self.pty.shows(&mark);
        }
    }
}

#[test]
fn a_hundred_lines_are_sent_in_their_order() {
    let mut table = at_a_table!(Table::inside(80));
    table.press(&(hundred().join("\r") + "\r"));
    table.hears_all(&hundred());
    table.press("quit\r");
    table.ends();
}

/// While they are pasted the others go on talking.
#[test]
fn a_hundred_lines_between_marks_are_sent_when_enter_is_pressed() {
    let mut table = at_a_table!(Table::inside(80));
    // The terminal was asked to mark what is pasted.
    table.pty.fits("the request for marks", |written| written.contains("\x1b[?2004h"));
    table.press(&format!("\x1b[200~{}\x1b[201~", hundred().join("\n")));
    table.server.says("\nbob 说:in the middle");
    table.pty.fits("the message", |written| written.contains("bob 说:in the middle"));
    table.press("\r");
    table.hears_all(&hundred());
    table.shows(&["发言:line 98 行", "发言:line 99 行", "发言:"]);
    table.press("quit\r");
    table.ends();
}

/// A script that is pasted at the first prompt: what it says waits for the answer to its login.
#[test]
fn nothing_is_lost_between_the_name_and_the_first_line() {
    let mut table = at_a_table!(Table::new(80));
    table.press(&format!("ann\r{}\rquit\r", hundred().join("\r")));
    table.server.lets_in("ann");
    table.hears_all(&hundred());
    table.ends();
}

#[test]
fn a_line_of_64_kib_is_refused_with_a_sentence() {
    let mut table = at_a_table!(Table::inside(1_000));
    table.pour(64);
    table.press("\r");
    table.shows(&[
        "not sent: that line has 65536 bytes, and a datagram of the chat has room for 2039",
        "发言:",
    ]);
    table.press("short\r");
    table.server.hears("C ann short");
    table.press("quit\r");
    table.ends();
}

#[test]
fn a_line_of_64_kib_between_marks_is_refused_too() {
    let mut table = at_a_table!(Table::inside(80));
    table.press(&format!("\x1b[200~{}\x1b[201~", "x".repeat(65_536)));
    table.press("\r");
    table.shows(&[
        "not sent: that line has 65536 bytes, and a datagram of the chat has room for 203",
        "9",
        "发言:",
    ]);
    table.press("quit\r");
    table.ends();
}

#[test]
fn a_control_character_in_a_paste_does_nothing_to_the_terminal() {
    let mut table = at_a_table!(Table::inside(80));
    table.press("\x1b[200~a\x03b\x07c\x1b[201~\r");
    assert_eq!(table.server.hears_any(), "C ann a\x03b\x07c");
    table.shows(&["发言:a␃b␇c", "发言:"]);
    table.press("quit\r");
    table.ends();
}
