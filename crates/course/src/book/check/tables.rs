//! The tables of errors and signals say what this system says: a row `| EAGAIN | 11 | …` or
//! `| SIGINT | 2 | …` has the kernel's number.

use nix::errno::Errno;
use nix::sys::signal::Signal;

use super::Chapter;

pub(super) fn problems(chapter: &Chapter) -> Vec<String> {
    let rows = chapter.text.lines().zip(1..).filter_map(|(line, at)| {
        let mut cells =
            line.strip_prefix("| ")?.split('|').map(|cell| cell.trim().trim_matches('`'));
        let (name, number) = (cells.next()?, cells.next()?.parse::<i32>().ok()?);
        Some((at, name, number))
    });
    let wrong = rows.filter_map(|(at, name, number)| {
        let truth = if name.starts_with("SIG") {
            Signal::try_from(number).map_or("no signal", Signal::as_str).to_owned()
        } else if name.starts_with('E')
            && name[1..].bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        {
            // EWOULDBLOCK is EAGAIN here: the table has one of the names.
            format!("{:?}", Errno::from_raw(number))
        } else {
            return None;
        };
        (truth != name).then(|| chapter.at(at, &format!("{number} is {truth}, not {name}")))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_is_told() {
        let text = "| EAGAIN | 11 | x |\n| `SIGINT` | 3 | x |\n| EPERM | 2 | x |\n| E27 | 2 |\n"
            .to_owned();
        let chapter = Chapter { path: "docs/errors.md".into(), text };
        let said = problems(&chapter);
        assert_eq!(said[0], "docs/errors.md:2: 3 is SIGQUIT, not SIGINT");
        assert_eq!(said[1], "docs/errors.md:3: 2 is ENOENT, not EPERM");
    }
}
