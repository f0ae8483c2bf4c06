//! What a terminal shows, from what was written to it: as much of ECMA-48 as a line editor needs.
//! An unknown sequence fails the test that meets it.

/// Rows from the first to the last that was ever written: one that scrolls out stays.
#[derive(Debug)]
pub(crate) struct Screen {
    columns: usize,
    /// One cell for each column; behind a wide character a cell with '\0'.
    rows: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    /// The rows after `written`, without the blanks at their ends, and without empty rows at the
    /// end of the screen.
    pub(crate) fn rows(columns: usize, written: &str) -> Vec<String> {
        let mut screen = Self { columns, rows: vec![Vec::new()], row: 0, column: 0 };
        let mut rest = written;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\r' => screen.column = 0,
                '\n' => screen.down(1),
                '\x07' => {}
                '\x1b' => match screen.sequence(rest) {
                    Some(length) => rest = &rest[length..],
                    // The rest of it is not written yet.
                    None => break,
                },
                _ => screen.put(c),
            }
        }
        let text = |row: &Vec<char>| row.iter().filter(|&&c| c != '\0').collect::<String>();
        let mut rows: Vec<String> =
            screen.rows.iter().map(|row| text(row).trim_end().to_owned()).collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }

    fn down(&mut self, count: usize) {
        self.row += count;
        if self.row >= self.rows.len() {
            self.rows.resize(self.row + 1, Vec::new());
        }
    }

    fn put(&mut self, c: char) {
        let width = if is_wide(c) { 2 } else { 1 };
        // Behind the last column the cursor waits there for the next character.
        if self.column + width > self.columns {
            self.column = 0;
            self.down(1);
        }
        let row = &mut self.rows[self.row];
        if row.len() < self.column + width {
            row.resize(self.column + width, ' ');
        }
        row[self.column] = c;
        if width == 2 {
            row[self.column + 1] = '\0';
        }
        self.column += width;
    }

    /// A control sequence behind its ESC; its length.
    fn sequence(&mut self, rest: &str) -> Option<usize> {
        if rest.is_empty() {
            return None;
        }
        let body = rest.strip_prefix('[').unwrap_or_else(|| panic!("ESC and then {rest:?}"));
        let length = body.find(|c: char| c.is_ascii_alphabetic())?;
        let (parameters, kind) = (&body[..length], body.as_bytes()[length]);
        let count = parameters.parse().unwrap_or(1);
        match kind {
            b'A' => self.row = self.row.checked_sub(count).expect("the cursor leaves the screen"),
            b'B' => self.down(count),
            b'C' => self.column = (self.column + count).min(self.columns - 1),
            b'D' => self.column = self.column.min(self.columns - 1).saturating_sub(count),
            b'K' => self.rows[self.row].truncate(self.column),
            b'J' => {
                self.rows.truncate(self.row + 1);
                self.rows[self.row].truncate(self.column);
            }
            b'h' | b'l' if parameters.starts_with('?') => {}
            _ => panic!("an unknown sequence: {parameters}{}", char::from(kind)),
        }
        Some("[".len() + length + 1)
    }
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}')
}
