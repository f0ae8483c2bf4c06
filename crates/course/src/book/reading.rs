//! How long it takes to read a day's chapter, or to tell it: from its words, so that nobody has to
//! keep a number in step with the text.

use super::directive;
use super::markdown::{heading, lines};

/// A quick reader's; who tells it does not tell every word.
const WORDS_A_MINUTE: usize = 200;
/// What comes from here on is done, and not read.
const END: &str = "Exercises";

/// Of the text of a chapter; 0 of none.
pub(super) fn minutes(chapter: &str) -> u64 {
    let all = lines(chapter);
    let told = all.iter().take_while(|line| heading(line).is_none_or(|(_, text)| text != END));
    let prose = told.filter(|line| line.code.is_none() && directive::parse(line.text).is_none());
    let words: usize = prose.map(|line| line.text.split_whitespace().count()).sum();
    words.div_ceil(WORDS_A_MINUTE) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_counts_up_to_the_exercises() {
        let words = |count: usize| "word ".repeat(count);
        assert_eq!(minutes(""), 0);
        let text = format!("# Day 4: x\n\n{}\n\n{{{{#demo a}}}}\n", words(390));
        assert_eq!(minutes(&text), 2);
        let code = format!("{text}```\n{}\n```\n## Exercises\n{}", words(500), words(500));
        assert_eq!(minutes(&code), 2);
        assert_eq!(minutes(&format!("{text}{}", words(10))), 3);
    }
}
