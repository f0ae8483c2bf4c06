//! Our reading of a stream beside the strict one.

use crate::ours::{self, End};
use crate::strict::{self, Seen};

/// Panics when the two differ, or when we differ from ourselves over other cuts.
pub(crate) fn agreed(stream: &[u8]) -> (Vec<Seen>, End) {
    let (all, end) = ours::read(stream, &[]);
    assert_eq!(all, strict::read(stream), "in {}", stream.escape_ascii());
    let every: Vec<usize> = (1..stream.len()).collect();
    let thirds: Vec<usize> = (1..stream.len()).step_by(3).collect();
    for cuts in [every, thirds] {
        let (cut, cut_end) = ours::read(stream, &cuts);
        assert_eq!(cut, all, "cut to pieces: {}", stream.escape_ascii());
        // A mistake may be noticed later, but not behind the end of its line.
        let (_, late_end) = ours::read(&[stream, b"\r\n"].concat(), &cuts);
        let same = cut_end == end || (cut_end == End::More && late_end == end);
        assert!(same, "cut to pieces: {cut_end:?}, {end:?}: {}", stream.escape_ascii());
    }
    (all, end)
}
