//! The lines in which two files differ, as diff(1) shows them: a lesson and its broken twin.

const CONTEXT: usize = 3;

/// ` ` for a line that both have, `-` for one of the first and `+` for one of the second.
pub(crate) fn diff(first: &str, second: &str) -> Vec<(char, String)> {
    let (first, second): (Vec<&str>, Vec<&str>) =
        (first.lines().collect(), second.lines().collect());
    // The length of the longest common subsequence of what lies behind each pair of places.
    let mut common = vec![vec![0_usize; second.len() + 1]; first.len() + 1];
    for i in (0..first.len()).rev() {
        for j in (0..second.len()).rev() {
            common[i][j] = if first[i] == second[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < first.len() || j < second.len() {
        if i < first.len() && j < second.len() && first[i] == second[j] {
            lines.push((' ', first[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == second.len() || (i < first.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(('-', first[i].to_owned()));
            i += 1;
        } else {
            lines.push(('+', second[j].to_owned()));
            j += 1;
        }
    }
    lines
}

/// Only what differs, with a few lines around it; `…` where lines were left out. A lesson's unit
/// tests, which its twin does not have, are no difference between the two.
pub(crate) fn hunks(first: &str, second: &str) -> Option<String> {
    let lines = diff(untested(first), untested(second));
    let changes = lines.iter().enumerate().filter(|(_, (sign, _))| *sign != ' ');
    let changes: Vec<usize> = changes.map(|(at, _)| at).collect();
    let near = |at: usize| changes.iter().any(|change| change.abs_diff(at) <= CONTEXT);
    let (mut text, mut last) = (String::new(), None);
    for (at, (sign, line)) in lines.iter().enumerate().filter(|(at, _)| near(*at)) {
        if last.is_some_and(|last| last + 1 != at) {
            text.push_str("…\n");
        }
        text.push_str(format!("{sign}{line}").trim_end());
        text.push('\n');
        last = Some(at);
    }
    last.map(|_| text)
}

/// A file without the tests at its end.
fn untested(text: &str) -> &str {
    text.split_once("\n\n#[cfg(test)]\nmod tests").map_or(text, |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_with_its_surroundings() {
        let lines: Vec<String> = (1..=20).map(|n| n.to_string()).collect();
        let first = lines.join("\n");
        let second = first.replace("\n10\n", "\nten\n").replace("\n20", "");
        let expected = " 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n…\n 17\n 18\n 19\n-20\n";
        assert_eq!(hunks(&first, &second).unwrap(), expected);
        assert_eq!(hunks(&first, &first), None);
        let tested = format!("{first}\n\n#[cfg(test)]\nmod tests {{\n}}\n");
        assert_eq!(hunks(&tested, &second).unwrap(), expected);
        assert_eq!(hunks(&tested, &first), None);
    }
}
