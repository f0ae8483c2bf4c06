//! Nothing of a day is left out: every item of the syllabus stands in the chapter as
//! `<!-- 4.01 -->` where it is taught, every row of the corrections as `<!-- E27 -->` where the
//! truth is told.

use super::super::Book;
use super::super::markdown::lines;
use super::Chapter;

pub(super) fn problems(book: &Book, chapter: &Chapter, day: u64) -> Result<Vec<String>, String> {
    let (items, rows) = (items(book)?, corrections(book)?);
    let of_day = items.iter().filter(|item| item.starts_with(&format!("{day}.")));
    let rows_of_day = rows.iter().filter(|(_, of)| *of == day).map(|(row, _)| row);
    let named = named(chapter);
    let mut problems = Vec::new();
    for wanted in of_day.chain(rows_of_day) {
        if !named.iter().any(|(_, id)| id == wanted) {
            problems.push(chapter.at(1, &format!("<!-- {wanted} --> is missing")));
        }
    }
    for (line, id) in named {
        let known = items.contains(&id) || rows.iter().any(|(row, _)| *row == id);
        if !known {
            problems.push(chapter.at(line, &format!("there is no {id}")));
        }
    }
    Ok(problems)
}

/// The ids in comments, alone or several: `<!-- 4.14 4.15 E35 -->`.
fn named(chapter: &Chapter) -> Vec<(usize, String)> {
    let all = lines(&chapter.text);
    let comments = all.iter().filter(|line| line.code.is_none()).flat_map(|line| {
        let inside = line.text.split("<!--").skip(1).filter_map(|rest| rest.split("-->").next());
        inside.flat_map(str::split_whitespace).map(|id| (line.number, id))
    });
    let is_id = |id: &str| {
        let digits = id.strip_prefix('E').unwrap_or(id);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    comments.filter(|(_, id)| is_id(id)).map(|(line, id)| (line, id.to_owned())).collect()
}

/// The first cells of the rows of a table.
fn first_cells(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
}

fn items(book: &Book) -> Result<Vec<String>, String> {
    let text = book.read("docs/syllabus.md")?;
    let items = first_cells(&text).filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
    Ok(items.map(String::from).collect())
}

/// Row and day: the corrections stand below `## Day 4` and its like.
fn corrections(book: &Book) -> Result<Vec<(String, u64)>, String> {
    let text = book.read("docs/corrections.md")?;
    let mut rows = Vec::new();
    for section in text.split("\n## Day ").skip(1) {
        let day =
            section.split(|c: char| !c.is_ascii_digit()).next().and_then(|day| day.parse().ok());
        let day = day.ok_or("docs/corrections.md: a day without a number")?;
        let cells = first_cells(section).filter(|cell| cell.starts_with('E'));
        rows.extend(cells.map(|row| (row.to_owned(), day)));
    }
    Ok(rows)
}
