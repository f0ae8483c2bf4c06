//! As much of a terminal as the tests need: where the cursor goes, what is written there, and when
//! everything is wiped away. Colours and the rest are left out.

/// What a screen shows to which this has been written: its lines, without what is empty at their
/// ends.
pub(crate) fn screen(written: &str) -> String {
    let mut lines: Vec<Vec<char>> = Vec::new();
    let (mut row, mut column) = (0, 0);
    let mut rest = written.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '\x1b' => {
                if rest.as_str().starts_with('[') {
                    rest.next();
                }
                let mut numbers = String::new();
                let end = rest.find(|c| {
                    let ends = c.is_ascii_alphabetic();
                    if !ends {
                        numbers.push(*c);
                    }
                    ends
                });
                let mut numbers = numbers
                    .trim_start_matches('?')
                    .split(';')
                    .map(|text| text.parse().unwrap_or(1_usize));
                match end {
                    Some('H') => {
                        row = numbers.next().unwrap_or(1) - 1;
                        column = numbers.next().unwrap_or(1) - 1;
                    }
                    // Whatever is wiped away, here it is all of it.
                    Some('J') => lines.clear(),
                    // The other screen.
                    Some('h' | 'l') if numbers.next() == Some(1049) => lines.clear(),
                    _ => {}
                }
            }
            '\r' => column = 0,
            '\n' => row += 1,
            letter => {
                if lines.len() <= row {
                    lines.resize(row + 1, Vec::new());
                }
                if lines[row].len() <= column + 1 {
                    lines[row].resize(column + 2, ' ');
                }
                lines[row][column] = letter;
                // Chinese takes two columns.
                column += if letter >= '\u{2e80}' { 2 } else { 1 };
            }
        }
    }
    let lines = lines.iter().map(|line| line.iter().collect::<String>().trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}
