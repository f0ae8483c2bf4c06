//! Streams in which a second request hides from one of two readers: what we see must be what a strict
//! reading sees, request for request, however the stream is cut into reads.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "common/agreed.rs"]
mod agreed;
#[path = "common/ours.rs"]
mod ours;
#[path = "common/strict/mod.rs"]
mod strict;

use std::fmt::Write as _;

use agreed::agreed;
use ours::End;

/// What was seen, in the words of smuggling.txt: targets, and how it ended.
fn verdict(stream: &[u8]) -> String {
    let (all, end) = agreed(stream);
    let mut words: Vec<String> = all.into_iter().map(|seen| seen.target).collect();
    words.push(match end {
        End::Clean => "end".into(),
        End::More => "more".into(),
        End::Refused(refusal) => refusal.status.code().to_string(),
    });
    words.join(" ")
}

fn unescape(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.chars());
    while let Some(char) = rest.next() {
        let byte = match (char, (char == '\\').then(|| rest.next().unwrap())) {
            (_, Some('r')) => b'\r',
            (_, Some('n')) => b'\n',
            (_, Some('t')) => b'\t',
            (_, Some('\\')) => b'\\',
            (_, Some('x')) => {
                let digits: String = rest.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).unwrap()
            }
            (char, None) => char.try_into().unwrap(),
            (_, Some(other)) => panic!("\\{other}"),
        };
        bytes.push(byte);
    }
    bytes
}

#[test]
fn the_corpus() {
    let corpus = include_str!("smuggling.txt");
    let lines = corpus.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    let mut wrong = String::new();
    for case in lines.chunks(2) {
        let [stream, expected] = case else { panic!("a stream and its verdict: {case:?}") };
        let expected = expected.strip_prefix("  -> ").expect(expected);
        let found = verdict(&unescape(stream));
        if found != expected {
            writeln!(wrong, "{stream}\n  -> {found}, not {expected}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(lines.len() > 2 * 100, "{}", lines.len());
}
