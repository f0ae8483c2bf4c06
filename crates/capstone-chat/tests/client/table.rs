//! A client at a terminal, and whoever sits there.

use testkit::{Finished, Running, pty::Pty};

use crate::hand::Hand;
use crate::screen::Screen;

/// The terminal, the client, and its server.
pub(crate) struct Table {
    pub(crate) pty: Pty,
    pub(crate) server: Hand,
    pub(crate) client: Running,
    pub(crate) columns: u16,
}

impl Table {
    /// At its first prompt; nothing where there are no terminals.
    pub(crate) fn new(columns: u16) -> Option<Self> {
        let pty = match Pty::open() {
            Ok(pty) => pty,
            Err(error) => {
                testkit::need::say_skipped(&format!("no pseudo-terminal here: {error}"));
                return None;
            }
        };
        pty.resize(columns, 24).unwrap();
        let server = Hand::new();
        let client = pty.attach_screen(server.client()).unwrap().spawn();
        let mut table = Self { pty, server, client, columns };
        table.shows(&["请输入姓名:"]);
        Some(table)
    }

    /// In the room, as ann.
    pub(crate) fn inside(columns: u16) -> Option<Self> {
        let mut table = Self::new(columns)?;
        table.pty.press("ann\r").unwrap();
        table.server.lets_in("ann");
        table.shows(&["请输入姓名:ann", "您已进入聊天室", "发言:"]);
        Some(table)
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.press(keys).unwrap();
    }

    /// The last rows are these.
    #[track_caller]
    pub(crate) fn shows(&mut self, rows: &[&str]) {
        let columns = usize::from(self.columns);
        self.pty.fits(&format!("{rows:?}"), |written| {
            let shown = Screen::rows(columns, written);
            shown.len() >= rows.len() && shown[shown.len() - rows.len()..] == *rows
        });
    }

    /// The client leaves, and the terminal is as it was.
    #[track_caller]
    pub(crate) fn ends(mut self) -> Finished {
        self.server.lets_out("ann");
        let done = self.client.wait();
        done.succeeded();
        assert!(self.pty.echoes().unwrap(), "the terminal was not put back");
        done
    }
}

/// The table, or the end of a test that has none.
macro_rules! at_a_table {
    ($table:expr) => {
        match $table {
            Some(table) => table,
            None => return,
        }
    };
}
pub(crate) use at_a_table;
