//! The page that shows a folder: a table, sorted as the query says. Pure.

use std::cmp::Ordering;
use std::time::SystemTime;

use crate::message::fields::date;
use crate::message::uri;

/// More entries than this are not shown; a page says so.
pub const MOST: usize = 2_000;

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// As the file system has it: perhaps no UTF-8.
    pub name: Vec<u8>,
    /// A folder; otherwise an ordinary file.
    pub folder: bool,
    /// In bytes; of no meaning for folders.
    pub size: u64,
    /// Last modification.
    pub modified: SystemTime,
}

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Key {
    #[default]
    Name,
    Size,
    Time,
}

/// `?sort=name|size|time&order=asc|desc`; what is anything else means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    key: Key,
    descending: bool,
}

impl Order {
    /// What the query says, of several words the last.
    pub fn of(query: Option<&[u8]>) -> Self {
        let mut order = Self::default();
        for word in query.unwrap_or_default().split(|&byte| byte == b'&') {
            match word {
                b"sort=name" => order.key = Key::Name,
                b"sort=size" => order.key = Key::Size,
                b"sort=time" => order.key = Key::Time,
                b"order=asc" => order.descending = false,
                b"order=desc" => order.descending = true,
                _ => {}
            }
        }
        order
    }

    /// The query that says it.
    pub fn query(self) -> String {
        let key = match self.key {
            Key::Name => "name",
            Key::Size => "size",
            Key::Time => "time",
        };
        format!("sort={key}&order={}", if self.descending { "desc" } else { "asc" })
    }

    /// Folders first in any order; what is equal by its name.
    fn compare(self, one: &Row, other: &Row) -> Ordering {
        let by_key = match self.key {
            Key::Name => one.name.cmp(&other.name),
            Key::Size => one.size.cmp(&other.size),
            Key::Time => one.modified.cmp(&other.modified),
        };
        let by_key = if self.descending { by_key.reverse() } else { by_key };
        other.folder.cmp(&one.folder).then(by_key).then_with(|| one.name.cmp(&other.name))
    }
}

/// The page. `path` is the folder's name, empty for the site; `left_out`: there is more in it.
pub fn page(path: &[u8], mut rows: Vec<Row>, order: Order, left_out: usize) -> Vec<u8> {
    rows.sort_by(|one, other| order.compare(one, other));
    let mut page = Vec::with_capacity(1024 + 160 * rows.len());
    page.extend(
        b"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
          <meta name=\"viewport\" content=\"width=device-width\">\n<title>/",
    );
    text(path, &mut page);
    page.extend(
        b"</title>\n<style>td { padding-right: 2em } .n { text-align: right }</style>\n<h1>/",
    );
    text(path, &mut page);
    page.extend(b"</h1>\n<table>\n<tr>");
    for (key, title) in [(Key::Name, "Name"), (Key::Size, "Bytes"), (Key::Time, "Modified")] {
        // Once more on the same head turns the order round.
        let descending = order == Order { key, descending: false };
        page.extend(b"<th><a href=\"?");
        text(Order { key, descending }.query().as_bytes(), &mut page);
        page.extend(format!("\">{title}</a></th>").as_bytes());
    }
    page.extend(b"</tr>\n");
    if !path.is_empty() {
        page.extend(b"<tr><td><a href=\"../\">../</a></td></tr>\n");
    }
    for row in &rows {
        line(row, &mut page);
    }
    page.extend(b"</table>\n");
    if left_out > 0 {
        page.extend(format!("<p>{left_out} more are not shown.</p>\n").as_bytes());
    }
    page
}

fn line(row: &Row, page: &mut Vec<u8>) {
    let slash: &[u8] = if row.folder { b"/" } else { b"" };
    page.extend(b"<tr><td><a href=\"");
    // Relative, and with every colon encoded: it is a name here and never a scheme.
    uri::encode(&row.name, page);
    page.extend(slash);
    page.extend(b"\">");
    text(&row.name, page);
    page.extend(slash);
    page.extend(b"</a></td><td class=\"n\">");
    if !row.folder {
        page.extend(row.size.to_string().as_bytes());
    }
    page.extend(b"</td><td>");
    page.extend(date::text(row.modified));
    page.extend(b"</td></tr>\n");
}

/// A name as text of HTML. What is no UTF-8, and what controls a display or the direction of
/// writing (so that a name could show another ending), becomes a replacement character.
fn text(name: &[u8], page: &mut Vec<u8>) {
    for letter in String::from_utf8_lossy(name).chars() {
        match letter {
            '&' => page.extend(b"&amp;"),
            '<' => page.extend(b"&lt;"),
            '>' => page.extend(b"&gt;"),
            '"' => page.extend(b"&quot;"),
            '\'' => page.extend(b"&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => page.extend("\u{fffd}".bytes()),
            letter if letter.is_control() => page.extend("\u{fffd}".bytes()),
            letter => page.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
}
